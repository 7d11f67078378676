package io.j8s.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.model.selector.Selector;
import io.j8s.scheduler.config.SchedulerConfiguration;
import io.j8s.scheduler.framework.Plugin;
import io.j8s.scheduler.framework.Profile;
import io.j8s.scheduler.plugins.DefaultPlugins;
import org.junit.jupiter.api.Test;

class ProfileTest {

    private static final String HEAD = "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n";

    @Test
    void plugins_are_switched_off_and_weighed_at_single_points() {
        Profile profile = profile("profiles: [{plugins: {filter: {disabled: [{name: NodePorts}]}, score: {enabled: [{name: ImageLocality, weight: 7}], disabled: [{name: '*'}]}}}]\n");
        assertThat(profile.filters()).extracting(Plugin::name).doesNotContain("NodePorts").contains("NodeResourcesFit", "NodeVolumeLimits", "VolumeZone");
        assertThat(profile.scorers()).extracting(scorer -> scorer.plugin().name() + " " + scorer.weight()).containsExactly("ImageLocality 7");
    }

    @Test
    void the_default_scores_have_upstreams_weights() {
        assertThat(profile("").scorers()).extracting(scorer -> scorer.plugin().name() + " " + scorer.weight()).contains("TaintToleration 3", "NodeAffinity 2",
                "NodeResourcesFit 1", "PodTopologySpread 2", "InterPodAffinity 2", "NodeResourcesBalancedAllocation 1", "ImageLocality 1");
    }

    @Test
    void plugins_that_do_not_exist_or_do_not_fit_are_refused() {
        assertThatThrownBy(() -> profile("profiles: [{plugins: {multiPoint: {enabled: [{name: Nope}]}}}]\n")).hasMessageContaining("\"Nope\" does not exist");
        assertThatThrownBy(() -> profile("profiles: [{plugins: {filter: {enabled: [{name: ImageLocality}]}}}]\n"))
                .hasMessage("initializing profiles: creating profile for scheduler name default-scheduler: plugin \"ImageLocality\" does not extend FilterPlugin plugin");
        assertThatThrownBy(() -> profile("profiles: [{plugins: {queueSort: {disabled: [{name: '*'}]}}}]\n")).hasMessageContaining("only one queue sort plugin required");
    }

    private static Profile profile(String text) {
        return DefaultPlugins.profile(pod -> Selector.nothing(), new StoredVolumes(), SchedulerConfiguration.parse(HEAD + text).profiles().getFirst());
    }
}
