package io.j8s.controllers;

import io.j8s.client.Client;
import io.j8s.client.Discovery;
import io.j8s.client.informer.Informers;
import io.j8s.client.leader.LeaderElection;
import io.j8s.client.leader.LeaderSettings;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the selected controllers while it is the leader (or always, without leader election).
///
/// All controllers share informers, which belong to the manager's own identity; each writes with the identity that `identities` gives for its name.
/// When leadership is lost all loops stop, and the manager competes again.
public final class ControllerManager implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerManager.class);

    private final Parts parts;
    private final Timeline time;
    private @Nullable Task task;
    private volatile boolean leads;
    private volatile List<String> running = List.of();

    /// @param client lists and watches
    /// @param identities the client with which a controller writes, by its service account
    /// @param election null: no leader election
    /// @param workers how many workers, by a controller's name, where not its default
    public record Parts(
            Client client,
            Discovery discovery,
            Function<String, Client> identities,
            Settings settings,
            ControllerSelection selection,
            Map<String, Integer> workers,
            @Nullable LeaderSettings election,
            MetricRegistry metrics) {

        /// Everything by default, under one identity, without leader election.
        public static Parts simple(Client client, Discovery discovery) {
            return new Parts(client, discovery, name -> client, Settings.DEFAULT, ControllerSelection.DEFAULT, Map.of(), null, new MetricRegistry());
        }

        public Parts {
            workers = Map.copyOf(workers);
        }

        public Parts withSettings(Settings value) {
            return new Parts(client, discovery, identities, value, selection, workers, election, metrics);
        }

        public Parts withSelection(ControllerSelection value) {
            return new Parts(client, discovery, identities, settings, value, workers, election, metrics);
        }

        public Parts withElection(@Nullable LeaderSettings value) {
            return new Parts(client, discovery, identities, settings, selection, workers, value, metrics);
        }
    }

    public ControllerManager(Timeline time, Parts parts) {
        this.time = time;
        this.parts = parts;
        parts.metrics().gauge("running_managed_controllers", "[BETA] Indicates where instances of a controller are currently running", "name", "manager")
                .ofAll(() -> running.stream().collect(Collectors.toMap(name -> List.of(name, "kube-controller-manager"), name -> 1.0)));
        LeaderSettings election = parts.election();
        if (election != null) {
            parts.metrics().gauge("leader_election_master_status", "[ALPHA] Gauge of if the reporting system is master of the relevant lease, 0 indicates backup, 1 indicates master. 'name' is the string used to identify the lease. "
                    + "Please make sure to group by name.", "name").of(() -> leads ? 1 : 0, election.name());
        }
    }

    /// Starts to compete, or to work. Returns at once.
    public synchronized void start() {
        if (task == null) {
            task = time.start("controller-manager", parts.election() == null ? this::work : this::compete);
        }
    }

    /// The names of the controllers that run here now.
    public List<String> running() {
        return running;
    }

    /// Whether the controllers run here.
    public boolean leads() {
        return leads;
    }

    @Override
    public void close() {
        Task running;
        synchronized (this) {
            running = task;
        }
        if (running != null) {
            running.close();
        }
    }

    private void compete() throws InterruptedException {
        LeaderSettings election = java.util.Objects.requireNonNull(parts.election());
        while (true) {
            new LeaderElection(parts.client(), time, election).run(this::work);
        }
    }

    private void work() throws InterruptedException {
        Informers informers = new Informers(parts.client(), time);
        List<Controller> controllers = new ArrayList<>();
        List<String> names = new ArrayList<>();
        try {
            for (Controllers.Entry entry : Controllers.LIST) {
                if (parts.selection().includes(entry) && (!entry.cloud() || parts.settings().cloud().provider() != null)) {
                    Context context = new Context(parts.identities().apply(entry.account()), parts.discovery(), time, informers, parts.metrics());
                    Controller controller = entry.factory().create(context, parts.settings(), parts.workers().getOrDefault(entry.name(), entry.workers()));
                    if (controller != null) {
                        controllers.add(controller);
                        names.add(entry.name());
                    }
                }
            }
            informers.start();
            informers.awaitSynced();
            leads = true;
            running = List.copyOf(names);
            start(controllers);
            LOG.atInfo().addKeyValue("controllers", controllers.size()).log("Controllers are running");
            time.gate().await(() -> false);
        } finally {
            leads = false;
            running = List.of();
            controllers.reversed().forEach(Controller::close);
            informers.close();
        }
    }

    private void start(List<Controller> controllers) throws InterruptedException {
        for (Controller controller : controllers) {
            controller.start();
            if (!parts.settings().startInterval().isZero()) {
                time.sleep(parts.settings().startInterval());
            }
        }
    }
}
