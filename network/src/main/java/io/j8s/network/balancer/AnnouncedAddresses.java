package io.j8s.network.balancer;

import io.j8s.client.Client;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informers;
import io.j8s.model.core.v1.LoadBalancerIngress;
import io.j8s.model.core.v1.Service;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the addresses of load balancers on an interface of their own (`j8s-balancer`, a bridge without ports), so that the host answers ARP and neighbour requests for them on all of its links and
/// takes their packets, which the rules for services then lead to pods.
///
/// One task owns the interface; what is on it is read before anything is changed, so a restart takes nothing away that is still wanted.
public final class AnnouncedAddresses implements AutoCloseable {
    /// The interface's name.
    public static final String LINK = "j8s-balancer";
    private static final Logger LOG = LoggerFactory.getLogger(AnnouncedAddresses.class);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final List<String> prefix;
    private final Predicate<String> pool;
    private final Timeline time;
    private final Informers informers;
    private final io.j8s.client.informer.Informer<Service> services;
    private final Gate gate;
    private volatile long changes;
    private volatile Set<String> announced = Set.of();
    private final Task task;

    /// @param pool which addresses are announced: others belong to nodes, or to somebody else's load balancers
    /// @param prefix what stands before `ip`, such as the command that enters a network namespace; empty on the host itself
    public static AnnouncedAddresses start(Client client, Timeline time, Predicate<String> pool, List<String> prefix) {
        return new AnnouncedAddresses(client, time, pool, prefix);
    }

    @SuppressWarnings("this-escape") // the task begins with the last field
    private AnnouncedAddresses(Client client, Timeline time, Predicate<String> pool, List<String> prefix) {
        this.prefix = List.copyOf(prefix);
        this.pool = pool;
        this.time = time;
        this.gate = time.gate();
        this.informers = new Informers(client, time);
        this.services = informers.of(Service.RESOURCE);
        services.addHandler(Handler.each(service -> {
            changes++;
            gate.signal();
        }));
        informers.start();
        this.task = time.start("load-balancer-addresses", this::follow);
    }

    /// What is on the interface now.
    public Set<String> announced() {
        return announced;
    }

    /// Waits until just these are on the interface, at most so long; whether they are.
    public boolean await(Set<String> addresses, Duration atMost) throws InterruptedException {
        return gate.await(() -> announced.equals(addresses), atMost);
    }

    private void follow() throws InterruptedException {
        informers.awaitSynced();
        while (true) {
            long seen = changes;
            try {
                apply(wanted());
                gate.await(() -> changes != seen);
            } catch (IOException e) {
                LOG.atWarn().addKeyValue("err", e.getMessage()).log("The addresses of load balancers could not be announced, will try again");
                gate.await(() -> changes != seen, RETRY);
            }
        }
    }

    private Set<String> wanted() {
        return services.lister().list().stream()
                .filter(service -> service.spec().type().equals("LoadBalancer") && !service.spec().hasLoadBalancerClass())
                .flatMap(service -> service.status().loadBalancer().ingress().stream())
                .map(LoadBalancerIngress::ip)
                .filter(ip -> !ip.isEmpty() && pool.test(ip))
                .map(AnnouncedAddresses::uniform)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void apply(Set<String> wanted) throws IOException, InterruptedException {
        Set<String> present = present();
        if (wanted.isEmpty() && present.isEmpty()) {
            announced = Set.of();
            gate.signal();
            return;
        }
        run(false, "link", "add", LINK, "type", "bridge");
        run(true, "link", "set", LINK, "up");
        for (String address : wanted) {
            if (!present.contains(address)) {
                add(address);
            }
        }
        for (String address : present) {
            if (!wanted.contains(address)) {
                run(false, "address", "delete", withLength(address), "dev", LINK);
            }
        }
        announced = Set.copyOf(wanted);
        gate.signal();
    }

    /// Without ports the bridge hears nobody: that no other host has an IPv6 address cannot be found out on it, and need not be.
    private void add(String address) throws IOException, InterruptedException {
        if (address.indexOf(':') >= 0) {
            run(true, "address", "replace", withLength(address), "dev", LINK, "nodad");
        } else {
            run(true, "address", "replace", withLength(address), "dev", LINK);
        }
    }

    private static String withLength(String address) {
        return address + (address.indexOf(':') >= 0 ? "/128" : "/32");
    }

    /// The global addresses on the interface, as `ip -o` prints them: `7: j8s-balancer    inet 192.0.2.1/32 scope global …`.
    private Set<String> present() throws IOException, InterruptedException {
        Set<String> found = new TreeSet<>();
        for (String line : run(false, "-o", "address", "show", "dev", LINK, "scope", "global").lines().toList()) {
            String[] words = line.strip().split("\\s+");
            for (int i = 0; i + 1 < words.length; i++) {
                if (words[i].startsWith("inet")) {
                    found.add(uniform(words[i + 1].replaceAll("/.*", "")));
                }
            }
        }
        return found;
    }

    /// One spelling for each address, whoever wrote it; only addresses come here, so nothing is looked up.
    private static String uniform(String address) {
        try {
            return InetAddress.getByName(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address + " is not an IP address", e);
        }
    }

    private String run(boolean required, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.add("ip");
        command.addAll(List.of(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new IOException("cannot run ip (" + e.getMessage() + "); install the package iproute2", e);
        }
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        boolean failed = process.waitFor() != 0;
        if (failed && required) {
            throw new IOException(String.join(" ", command) + " failed: " + output.strip());
        }
        return failed ? "" : output;
    }

    /// Takes the interface and all addresses on it away.
    public static void remove(List<String> prefix) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of("ip", "link", "delete", LINK));
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
    }

    /// Stops following; the addresses stay, so that connections outlive a restart.
    @Override
    public void close() {
        task.close();
        informers.close();
    }
}
