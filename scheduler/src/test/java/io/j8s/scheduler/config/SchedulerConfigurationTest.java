package io.j8s.scheduler.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SchedulerConfigurationTest {

    private static final String HEAD = "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n";

    @Test
    void the_defaults_are_written_as_upstream_writes_them() throws IOException {
        try (InputStream expected = Objects.requireNonNull(SchedulerConfigurationTest.class.getResourceAsStream("defaults.yaml"))) {
            assertThat(SchedulerConfiguration.defaults().text()).isEqualTo(new String(expected.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void what_is_written_reads_as_the_same() {
        SchedulerConfiguration read = SchedulerConfiguration.parse(HEAD + "podMaxBackoffSeconds: 30\nprofiles: [{schedulerName: a}, {schedulerName: b, plugins: {score: {disabled: [{name: '*'}]}}}]\n");
        assertThat(SchedulerConfiguration.parse(read.text()).text()).isEqualTo(read.text());
        assertThat(read.longestBackoff()).isEqualTo(Duration.ofSeconds(30));
        assertThat(read.profiles()).extracting(ProfileConfiguration::schedulerName).containsExactly("a", "b");
    }

    @Test
    void unknown_fields_are_named_by_their_paths() {
        assertRefused("foo: 1\nprofiles:\n- bar: 2\n  pluginConfig:\n  - name: NodeResourcesFit\n    args: {baz: 1}\n",
                "strict decoding error: unknown field \"foo\", unknown field \"profiles[0].bar\", "
                        + "decoding .profiles[0].pluginConfig[0]: strict decoding error: decoding args for plugin NodeResourcesFit: strict decoding error: unknown field \"baz\"");
    }

    @Test
    void values_of_the_wrong_kind_are_refused() {
        assertRefused("parallelism: x\n", "json: cannot unmarshal string into Go struct field KubeSchedulerConfiguration.parallelism of type int32");
        assertThatThrownBy(() -> SchedulerConfiguration.parse("apiVersion: kubescheduler.config.k8s.io/v1beta3\nkind: KubeSchedulerConfiguration\n"))
                .isInstanceOf(ConfigurationException.class).hasMessageContaining("no kind \"KubeSchedulerConfiguration\" is registered for version \"kubescheduler.config.k8s.io/v1beta3\"");
    }

    @Test
    void values_that_cannot_be_are_all_told() {
        assertRefused("parallelism: -1\nprofiles:\n- schedulerName: a\n- schedulerName: a\n  percentageOfNodesToScore: 300\n  pluginConfig:\n"
                        + "  - {name: InterPodAffinity, args: {hardPodAffinityWeight: 300}}\n",
                "[parallelism: Invalid value: -1: should be an integer value greater than zero, "
                        + "profiles[1].percentageOfNodesToScore: Invalid value: 300: not in valid range [0-100], "
                        + "profiles[1].pluginConfig[0].args.hardPodAffinityWeight: Invalid value: 300: not in valid range [0, 100], "
                        + "profiles[1].schedulerName: Duplicate value: {}]");
        assertRefused("extenders: [{urlPrefix: 'http://x', prioritizeVerb: p}]\n", "extenders[0].weight: Invalid value: 0: must have a positive weight applied to it");
        assertRefused("profiles: [{pluginConfig: [{name: NodeResourcesFit, args: {scoringStrategy: {type: RequestedToCapacityRatio}}}]}]\n",
                "initializing profiles: creating profile for scheduler name default-scheduler: initializing plugin \"NodeResourcesFit\": "
                        + "scoringStrategy.requestedToCapacityRatio: Required value: must be specified when type is RequestedToCapacityRatio");
        assertRefused("profiles: [{pluginConfig: [{name: NodeAffinity, args: {addedAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Like}]}]}}}}]}]\n",
                "profiles[0].pluginConfig[0].args.addedAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].operator: Unsupported value: \"Like\": "
                        + "supported values: \"In\", \"NotIn\", \"Exists\", \"DoesNotExist\", \"Gt\", \"Lt\"");
        assertRefused("leaderElection: {leaderElect: true, leaseDuration: 1s, renewDeadline: 5s}\n", "leaderElection.leaseDuration: Invalid value: \"5s\": must be greater than `RenewDeadline`");
        assertRefused("profiles: [{schedulerName: a}, {schedulerName: b, plugins: {queueSort: {disabled: [{name: PrioritySort}]}}}]\n",
                "profiles[1].plugins.queueSort: Invalid value: {\"Enabled\":null,\"Disabled\":[{\"Name\":\"PrioritySort\",\"Weight\":0}]}: must be the same for all profiles");
    }

    private static void assertRefused(String text, String message) {
        assertThatThrownBy(() -> SchedulerConfiguration.parse(HEAD + text)).isInstanceOf(ConfigurationException.class).hasMessage(message);
    }
}
