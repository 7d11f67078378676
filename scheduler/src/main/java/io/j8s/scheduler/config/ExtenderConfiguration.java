package io.j8s.scheduler.config;

import io.j8s.model.Durations;
import java.time.Duration;
import java.util.List;

/// A process that is asked over HTTP (KubeSchedulerConfiguration, "Extender"). Verbs that are empty are not asked.
///
/// @param timeout of one request; zero: 5 seconds
/// @param nodeNames it keeps nodes itself and is sent names only (`nodeCacheCapable`)
/// @param managed the resources that it manages: it is asked only about pods that ask for one of them; empty: about all
/// @param ignoredResources those of them that the scheduler does not count itself
/// @param ignorable scheduling goes on when it fails
public record ExtenderConfiguration(
        String urlPrefix, String filterVerb, String preemptVerb, String prioritizeVerb, long weight, String bindVerb, boolean https, Tls tls,
        Duration timeout, boolean nodeNames, List<String> managed, List<String> ignoredResources, boolean ignorable) {

    /// Files or (base64) data of certificates.
    public record Tls(boolean insecure, String serverName, String certFile, String keyFile, String caFile, String certData, String keyData, String caData) {}

    static ExtenderConfiguration of(Node node) {
        Node tls = node.has("tlsConfig") ? node.object("tlsConfig") : Node.empty();
        List<Node> managed = node.objects("managedResources");
        String timeout = node.text("httpTimeout");
        return new ExtenderConfiguration(
                node.text("urlPrefix"), node.text("filterVerb"), node.text("preemptVerb"), node.text("prioritizeVerb"), node.number("weight"), node.text("bindVerb"),
                node.on("enableHTTPS"),
                new Tls(tls.on("insecure"), tls.text("serverName"), tls.text("certFile"), tls.text("keyFile"), tls.text("caFile"), tls.text("certData"), tls.text("keyData"), tls.text("caData")),
                timeout.isEmpty() || timeout.equals("0s") ? Duration.ofSeconds(5) : Durations.parse(timeout),
                node.on("nodeCacheCapable"), managed.stream().map(one -> one.text("name")).toList(),
                managed.stream().filter(one -> one.on("ignoredByScheduler")).map(one -> one.text("name")).toList(), node.on("ignorable"));
    }
}
