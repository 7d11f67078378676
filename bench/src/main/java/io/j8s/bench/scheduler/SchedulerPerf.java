package io.j8s.bench.scheduler;

import io.j8s.apiserver.ApiServer;
import io.j8s.apiserver.ApiServerConfig;
import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.resources.Resources;
import io.j8s.apiserver.security.Security;
import io.j8s.apiserver.security.SecuritySettings;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.https.ApiEndpoint;
import io.j8s.client.https.Credentials;
import io.j8s.client.https.HttpsClient;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.cluster.pki.CertificateOrder;
import io.j8s.cluster.pki.Credential;
import io.j8s.cluster.pki.PkiFolder;
import io.j8s.http.ClientTls;
import io.j8s.http.EventLoops;
import io.j8s.http.ServerTls;
import io.j8s.http.TlsIdentity;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Service;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.Trees;
import io.j8s.scheduler.Scheduler;
import io.j8s.scheduler.SchedulerConfig;
import io.j8s.store.LocalStore;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Upstream's scheduler benchmarks, by their names: an API server over a durable store and a scheduler, from the first measured pod's creation to the last one's binding, all in this process.
///
/// Prints pods per second, and processor time of the whole process (API server, scheduler and creator) a pod.
/// Arguments: names of workloads (default: all); `--https`: creator and scheduler reach the server over TLS; `--divide=N`: that much smaller; `--times=N`: each so often.
public final class SchedulerPerf implements AutoCloseable {

    private static final int CREATORS = 30;
    private static final Duration MOST = Duration.ofMinutes(10);

    private final Timeline timeline = Timeline.system();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Client creator;
    private final Gate gate = timeline.gate();
    private final Set<String> bound = ConcurrentHashMap.newKeySet();
    private volatile Set<String> measured = Set.of();

    private SchedulerPerf(boolean https) throws IOException {
        Path folder = Files.createTempDirectory("j8s-bench-");
        parts.push(() -> Trees.remove(folder));
        PkiFolder pki = PkiFolder.open(Files.createDirectories(folder.resolve("pki")));
        Credential authority = pki.authority("ca", "bench", timeline.now());
        TlsIdentity identity = pki.leaf("apiserver", authority, CertificateOrder.server("bench", Set.of("localhost", "127.0.0.1")), timeline.now()).identity();
        EventLoops loops = part(EventLoops.forThisMachine());
        LocalStore store = part(LocalStore.open(folder.resolve("store"), timeline));
        SecuritySettings security = SecuritySettings.DEFAULT.withClientAuthorities(() -> List.of(authority.certificate()))
                .withPlugins(Set.of(), Set.of("ServiceAccount", "TaintNodesByCondition", "Priority")); // as upstream's benchmark has it
        ApiServer server = part(ApiServer.start(new ApiServerConfig("127.0.0.1", 0, ServerTls.of(() -> identity), Resources.all(),
                Security.by(security), ApiServerConfig.DEFAULT_KEPT_JSON_BYTES), store, timeline));
        Credential admin = pki.leaf("admin", authority, CertificateOrder.client("admin", User.MASTERS), timeline.now());
        Credential scheduler = pki.leaf("scheduler", authority, CertificateOrder.client("system:kube-scheduler"), timeline.now());
        this.creator = https ? over(server, authority, admin, loops) : server.client(User.of("admin", User.MASTERS, User.AUTHENTICATED), "bench");
        Client scheduling = https ? over(server, authority, scheduler, loops) : server.client(User.of("system:kube-scheduler", User.AUTHENTICATED), "kube-scheduler");
        part(Scheduler.start(scheduling, timeline, SchedulerConfig.defaults()));
        watch(part(new Informer<>(server.client(User.of("admin", User.MASTERS, User.AUTHENTICATED), "bench"), timeline, Pod.RESOURCE)));
    }

    private <T extends AutoCloseable> T part(T started) {
        parts.push(started);
        return started;
    }

    private Client over(ApiServer server, Credential authority, Credential user, EventLoops loops) {
        ClientTls tls = ClientTls.trusting(List.of(authority.certificate())).as(user::identity);
        return part(new HttpsClient(ApiEndpoint.of(URI.create("https://127.0.0.1:" + server.port()), tls, Credentials.NONE), loops, timeline));
    }

    private void watch(Informer<Pod> pods) {
        pods.addHandler(new Handler<>() {
            @Override
            public void added(Pod pod) {
                look(pod);
            }

            @Override
            public void changed(Pod before, Pod after) {
                look(after);
            }

            @Override
            public void deleted(Pod last) {}

            private void look(Pod pod) {
                if (!pod.spec().nodeName().isEmpty() && bound.add(pod.metadata().uid())) {
                    gate.signal();
                }
            }
        });
        pods.start();
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        boolean https = List.of(args).contains("--https");
        int divisor = option(args, "--divide=");
        int times = option(args, "--times=");
        List<String> names = List.of(args).stream().filter(arg -> !arg.startsWith("--")).toList();
        for (String name : names.isEmpty() ? Workload.ALL.stream().map(Workload::name).toList() : names) {
            for (int i = 0; i < times; i++) {
                try (SchedulerPerf run = new SchedulerPerf(https)) {
                    run.measure(Workload.named(name).smaller(divisor), https);
                }
            }
        }
    }

    private static int option(String[] args, String name) {
        return List.of(args).stream().filter(arg -> arg.startsWith(name)).map(arg -> Integer.parseInt(arg.substring(name.length()))).findFirst().orElse(1);
    }

    private void measure(Workload workload, boolean https) throws InterruptedException {
        for (String namespace : List.of("sched-0", "sched-1")) {
            creator.create(Namespace.RESOURCE, "", Namespace.EMPTY.withMetadata(meta -> meta.withName(namespace)));
        }
        AtomicInteger number = new AtomicInteger();
        inParallel(workload.nodes(), () -> {
            int mine = number.getAndIncrement();
            Node node = workload.node(mine);
            String name = "scheduler-perf-" + mine;
            Map<String, String> labels = new java.util.TreeMap<>(node.metadata().labels());
            labels.put("kubernetes.io/hostname", name);
            creator.create(Node.RESOURCE, "", node.withMetadata(meta -> meta.withName(name).withLabels(labels)));
        });
        create(workload.firstPod(), workload.firstPods(), "sched-0");
        Task churn = workload.churn() == null ? null : timeline.start("churn", () -> churn(workload.churn()));
        long start = timeline.nanoTime();
        long cpu = cpuNanos();
        long[] machine = machineTicks();
        create(workload.measuredPod(), workload.measuredPods(), workload.spreadNamespaces() ? "sched-1" : "sched-0");
        double seconds = (timeline.nanoTime() - start) / 1e9;
        double used = (cpuNanos() - cpu) / 1e3;
        long[] machineAfter = machineTicks();
        if (churn != null) {
            churn.close();
        }
        System.out.printf("%-36s %s %d nodes, %d pods: %.0f pods/s, %.0f us of CPU a pod (of it compiling %.0f, collecting %.0f)%n", workload.name(), https ? "https" : "in process",
                workload.nodes(), workload.measuredPods(), workload.measuredPods() / seconds, used / workload.measuredPods(),
                (machineAfter[0] - machine[0]) * 1e4 / workload.measuredPods(), (machineAfter[1] - machine[1]) * 1e4 / workload.measuredPods());
    }

    /// What the JVM's own threads have used so far, in hundredths of a second: compiling, and collecting garbage. Zero where the system does not tell.
    private static long[] machineTicks() {
        long[] ticks = new long[2];
        File[] tasks = new File("/proc/self/task").listFiles();
        for (File task : tasks == null ? new File[0] : tasks) {
            try {
                String stat = Files.readString(task.toPath().resolve("stat"));
                String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                int kind = name.startsWith("C1 ") || name.startsWith("C2 ") ? 0 : name.startsWith("GC ") || name.startsWith("G1 ") || name.startsWith("VM ") ? 1 : -1;
                if (kind >= 0) {
                    ticks[kind] += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
                }
            } catch (IOException e) {
                // the thread has ended meanwhile
            }
        }
        return ticks;
    }

    private static long cpuNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }

    /// Creates pods and waits until all are bound.
    private void create(String template, int count, String namespace) throws InterruptedException {
        if (count == 0) {
            return;
        }
        Pod pod = Workload.pod(template);
        Set<String> mine = ConcurrentHashMap.newKeySet();
        inParallel(count, () -> {
            Pod created = creator.create(Pod.RESOURCE, namespace, pod);
            mine.add(created.metadata().uid());
        });
        measured = mine;
        if (!gate.await(() -> bound.size() >= measured.size() && bound.containsAll(measured), MOST)) {
            throw new IllegalStateException("after " + MOST + " " + measured.stream().filter(uid -> !bound.contains(uid)).count() + " of " + count + " pods are not bound");
        }
    }

    private void inParallel(int count, Runnable create) throws InterruptedException {
        AtomicInteger left = new AtomicInteger(count);
        List<Task> tasks = new ArrayList<>();
        AtomicInteger failed = new AtomicInteger();
        for (int i = 0; i < CREATORS; i++) {
            tasks.add(timeline.start("creator", () -> {
                while (left.getAndDecrement() > 0) {
                    try {
                        create.run();
                    } catch (RuntimeException e) {
                        failed.incrementAndGet();
                        throw e;
                    }
                }
            }));
        }
        for (Task task : tasks) {
            task.join();
        }
        if (failed.get() > 0) {
            throw new IllegalStateException(failed + " objects could not be created");
        }
    }

    private void churn(Workload.@Nullable Churn churn) throws InterruptedException {
        if (churn == null) {
            return;
        }
        while (true) {
            for (String template : churn.templates()) {
                switch (template) {
                    case "node" -> {
                        Node node = creator.create(Node.RESOURCE, "", Workload.churningNode());
                        timeline.sleep(Duration.ofMillis(churn.milliseconds()));
                        creator.delete(Node.RESOURCE, "", node.metadata().name(), DeleteOptions.DEFAULT);
                    }
                    case "service" -> {
                        Service service = creator.create(Service.RESOURCE, "sched-1", Workload.service());
                        timeline.sleep(Duration.ofMillis(churn.milliseconds()));
                        creator.delete(Service.RESOURCE, "sched-1", service.metadata().name(), DeleteOptions.DEFAULT);
                    }
                    default -> {
                        Pod pod = creator.create(Pod.RESOURCE, "sched-1", Workload.pod(template));
                        timeline.sleep(Duration.ofMillis(churn.milliseconds()));
                        if (churn.recreate()) {
                            creator.delete(Pod.RESOURCE, "sched-1", pod.metadata().name(), DeleteOptions.DEFAULT);
                        }
                    }
                }
            }
        }
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("a part did not close", e);
            }
        }
    }
}
