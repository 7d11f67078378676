package io.j8s.cluster.command;

import io.j8s.client.https.ApiEndpoint;
import io.j8s.client.https.HttpsClient;
import io.j8s.client.kubeconfig.ClusterAccess;
import io.j8s.client.kubeconfig.KubeconfigException;
import io.j8s.client.kubeconfig.KubeconfigFiles;
import io.j8s.cluster.configuration.Configuration;
import io.j8s.cluster.configuration.KubeProxySchema;
import io.j8s.cluster.host.Failure;
import io.j8s.cluster.host.HostName;
import io.j8s.cluster.node.KubeProxyAlone;
import io.j8s.http.EventLoops;
import io.j8s.model.Yaml;
import io.j8s.network.proxy.NftablesProxy;
import io.j8s.runtime.StopSignal;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `j8s kube-proxy`: a node's proxy alone, beside any API server.
@Command(name = "kube-proxy", description = "Run a node's proxy for services alone, with upstream's flags and configuration file.", sortOptions = false)
final class KubeProxyCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(KubeProxyCommand.class);
    private final Console console;
    private final Timeline timeline = Timeline.system();
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private KubeProxyCommand(Console console) {
        this.console = console;
    }

    static CommandLine line(Console console) {
        return SchemaFlags.on(new KubeProxyCommand(console), KubeProxySchema.SCHEMA);
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            Configuration configuration = Configuration.of(KubeProxySchema.SCHEMA, SchemaFlags.given(spec, KubeProxySchema.SCHEMA));
            ComponentProcess.begin(configuration);
            if (!configuration.text("--write-config-to").isEmpty()) {
                Files.writeString(Path.of(configuration.text("--write-config-to")), Yaml.writePlain(Configuration.of(KubeProxySchema.SCHEMA, Map.of()).document()));
            } else if (configuration.flag("--cleanup")) {
                NftablesProxy.remove(List.of());
            } else {
                run(configuration);
            }
            return 0;
        } catch (IllegalArgumentException e) {
            console.err().println("j8s kube-proxy: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        } catch (KubeconfigException e) {
            throw new Failure(Failure.Kind.KUBECONFIG, String.valueOf(e.getMessage()), "name a kubeconfig with --kubeconfig", e);
        } catch (BindException e) {
            throw new Failure(Failure.Kind.PORT_IN_USE, String.valueOf(e.getMessage()),
                    "stop the process that uses it, or choose another with --healthz-bind-address or --metrics-bind-address", e);
        } catch (IOException e) {
            throw new Failure(Failure.Kind.RUNTIME, String.valueOf(e.getMessage()), "look at the messages before this one", e);
        }
    }

    private void run(Configuration configuration) throws IOException, InterruptedException {
        KubeProxyAlone.checkMode(configuration);
        String override = configuration.text("hostnameOverride").strip().toLowerCase(Locale.ROOT);
        String node = override.isEmpty() ? HostName.get() : override;
        StopSignal stop = new StopSignal();
        try (EventLoops loops = EventLoops.forThisMachine();
                HttpsClient client = new HttpsClient(endpoint(configuration), loops, timeline);
                KubeProxyAlone _ = KubeProxyAlone.start(configuration, node, client, loops, timeline)) {
            LOG.info("Services are programmed with nftables for node {}", node);
            if (!configuration.flag("--init-only")) {
                stop.await();
            }
        } finally {
            stop.finished();
        }
    }

    private ApiEndpoint endpoint(Configuration configuration) {
        String kubeconfig = configuration.text("clientConnection.kubeconfig");
        ClusterAccess access = kubeconfig.isEmpty() ? ClusterAccess.inCluster(console.environment(), Path.of("/"), timeline)
                : ClusterAccess.of(KubeconfigFiles.find(kubeconfig, console.environment(), console.home(), timeline).load(), "", console.environment(), timeline);
        ApiEndpoint endpoint = access.endpoint().withUserAgent("kube-proxy");
        String master = configuration.text("--master");
        if (!master.isEmpty()) {
            endpoint = new ApiEndpoint(URI.create(master), endpoint.tls(), endpoint.credentials(), endpoint.impersonate(), endpoint.userAgent(), endpoint.protobuf(), endpoint.timeout());
        }
        return configuration.text("clientConnection.contentType").contains("protobuf") ? endpoint : endpoint.inJson();
    }
}
