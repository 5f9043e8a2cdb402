import type { Kafka } from "../client/connect.ts";
import { DESCRIBE_DISKS, type DiskFolder } from "../wire/api/describe_disks.ts";
import { settingsOf, type TopicSetting } from "./settings.ts";

/** The folders in which a broker keeps its logs; none where it is older than Kafka 3.3. */
export async function diskFolders(kafka: Kafka, broker: number): Promise<readonly DiskFolder[]> {
  return await kafka.askCluster(`look at the disks of broker ${broker}`, async (cluster) => {
    const node = await cluster.broker(broker);
    return node.versionOf(DESCRIBE_DISKS) === undefined ? [] : await node.send(DESCRIBE_DISKS, {});
  });
}

/** The settings of a broker by name, without secrets, and where each of them is set. */
export async function brokerSettings(
  kafka: Kafka,
  broker: number,
): Promise<readonly TopicSetting[]> {
  const resource = { type: "broker", name: `${broker}` } as const;
  return await kafka.askCluster(
    `read the settings of broker ${broker}`,
    async (cluster) => await settingsOf(await cluster.broker(broker), resource),
    { operation: "DescribeConfigs" },
  );
}
