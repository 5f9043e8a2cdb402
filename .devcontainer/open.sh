# Opens the course. A Codespace hands its ports on under names of its own; every other name is refused.
set -eu
if [ -n "${CODESPACE_NAME:-}" ]; then
  domain=${GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN:-app.github.dev}
  export TAXI_LAB_URL="https://$CODESPACE_NAME-8888.$domain/" TAXI_CONTROL_CENTER_URL="https://$CODESPACE_NAME-9021.$domain/"
fi
exec npx -y deno@2.9.6 task lab --no-browser
