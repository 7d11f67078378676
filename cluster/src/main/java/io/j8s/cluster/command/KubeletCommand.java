package io.j8s.cluster.command;

import io.j8s.client.kubeconfig.KubeconfigException;
import io.j8s.cluster.configuration.Configuration;
import io.j8s.cluster.configuration.KubeletSchema;
import io.j8s.cluster.host.Failure;
import io.j8s.cluster.node.KubeletAlone;
import io.j8s.runtime.StopSignal;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.BindException;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `j8s kubelet`: a node's agent alone, beside any API server.
@Command(name = "kubelet", description = "Run a node's agent alone, with upstream's flags and configuration file.", sortOptions = false)
final class KubeletCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(KubeletCommand.class);
    private final Console console;
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private KubeletCommand(Console console) {
        this.console = console;
    }

    static CommandLine line(Console console) {
        return SchemaFlags.on(new KubeletCommand(console), KubeletSchema.SCHEMA);
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            Configuration configuration = Configuration.of(KubeletSchema.SCHEMA, SchemaFlags.given(spec, KubeletSchema.SCHEMA));
            ComponentProcess.begin(configuration);
            run(configuration);
            return 0;
        } catch (IllegalArgumentException e) {
            console.err().println("j8s kubelet: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        } catch (KubeconfigException e) {
            throw new Failure(Failure.Kind.KUBECONFIG, String.valueOf(e.getMessage()), "name a kubeconfig with --kubeconfig", e);
        } catch (BindException e) {
            throw new Failure(Failure.Kind.PORT_IN_USE, String.valueOf(e.getMessage()), "stop the process that uses it, or choose another with --port, --healthz-port or --read-only-port", e);
        } catch (IOException e) {
            throw new Failure(Failure.Kind.RUNTIME, String.valueOf(e.getMessage()), "look at the messages before this one", e);
        }
    }

    private void run(Configuration configuration) throws IOException, InterruptedException {
        StopSignal stop = new StopSignal();
        try (KubeletAlone kubelet = KubeletAlone.start(configuration, console.environment(), console.home(), Timeline.system())) {
            LOG.info("Node {} serves at port {}", kubelet.node(), kubelet.port());
            stop.await();
        } finally {
            stop.finished();
        }
    }
}
