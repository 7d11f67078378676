package io.j8s.cluster.command;

import io.j8s.client.https.HttpsClient;
import io.j8s.client.kubeconfig.ClusterAccess;
import io.j8s.client.kubeconfig.KubeconfigException;
import io.j8s.client.kubeconfig.KubeconfigFiles;
import io.j8s.cluster.host.Failure;
import io.j8s.cluster.server.DeviceSelectors;
import io.j8s.http.EventLoops;
import io.j8s.model.Json;
import io.j8s.model.Yaml;
import io.j8s.runtime.Timeline;
import io.j8s.scheduler.why.Explanation;
import io.j8s.scheduler.why.Why;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `j8s why POD`: reads the cluster as kubectl would, and says what keeps a pod from running. Exit status 1 when there is no such object.
@Command(name = "why", description = "Say in words what keeps a pod from running.", sortOptions = false,
        footer = {"", "j8s why web-0", "j8s why deployment/web -n shop", "j8s why job/import -o json"})
final class WhyCommand implements Callable<Integer> {
    private final Console console;
    private final Timeline timeline = Timeline.system();
    @Parameters(paramLabel = "POD", description = "A pod, or KIND/NAME of what makes pods: deployment, statefulset, daemonset, replicaset, job.")
    private String what = "";
    @Option(names = {"-n", "--namespace"}, paramLabel = "NAME", description = "Its namespace (default: that of the kubeconfig's context).")
    private String namespace = "";
    @Option(names = {"-o", "--output"}, paramLabel = "json|yaml", description = "For programs (default: words).")
    private Format format = Format.TEXT;
    @Option(names = "--kubeconfig", paramLabel = "FILE", description = "How to reach the cluster (default: as kubectl).")
    private String kubeconfig = "";
    @Option(names = "--context", paramLabel = "NAME", description = "The kubeconfig's context.")
    private String context = "";

    /// How it is written.
    enum Format { TEXT, JSON, YAML }

    WhyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ClusterAccess access = access();
        String there = !namespace.isEmpty() ? namespace : access.namespace().isEmpty() ? "default" : access.namespace();
        try (EventLoops loops = EventLoops.forThisMachine(); HttpsClient client = new HttpsClient(access.endpoint().withUserAgent("j8s why"), loops, timeline)) {
            Explanation explanation = new Why(client, timeline, new DeviceSelectors()).explain(there, what);
            if (explanation == null) {
                console.err().println("j8s: there is no " + (what.contains("/") ? what : "pod " + what) + " in namespace " + there);
                return 1;
            }
            write(explanation);
            return 0;
        } catch (IllegalArgumentException e) {
            throw new Failure(Failure.Kind.PROGRAM, String.valueOf(e.getMessage()), "see j8s why --help", e);
        }
    }

    private void write(@Nullable Explanation explanation) {
        if (explanation == null) {
            return;
        }
        switch (format) {
            case TEXT -> console.out().print(explanation.text());
            case JSON -> console.out().println(new String(Json.pretty(Json.writePlain(explanation.plain())), StandardCharsets.UTF_8).strip());
            case YAML -> console.out().print(Yaml.writePlain(explanation.plain()));
        }
    }

    private ClusterAccess access() {
        try {
            return ClusterAccess.of(KubeconfigFiles.find(kubeconfig, console.environment(), console.home(), timeline).load(), context, console.environment(), timeline);
        } catch (KubeconfigException e) {
            throw new Failure(Failure.Kind.KUBECONFIG, String.valueOf(e.getMessage()), "name a kubeconfig with --kubeconfig", e);
        }
    }
}
