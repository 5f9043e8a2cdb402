# Fetches what a start needs: Kafka, the registry, Java, JupyterLab.
set -eu
npx -y deno@2.9.6 task up
npx -y deno@2.9.6 task down
npx -y deno@2.9.6 run -A tasks/_install_lab.ts
