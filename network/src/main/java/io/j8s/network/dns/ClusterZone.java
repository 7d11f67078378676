package io.j8s.network.dns;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/// The records of a cluster's domain, and of the reverse names of its addresses. No I/O.
///
/// Updates come from one thread, a service at a time; lookups may come from any thread at any time and never wait.
final class ClusterZone {

    static final int TTL_SECONDS = 5;

    private final Name domain;
    private final Map<String, ServiceNames> services = new ConcurrentHashMap<>();
    private final Map<String, Integer> servicesInNamespace = new ConcurrentHashMap<>();
    private final Set<String> namespaces = ConcurrentHashMap.newKeySet();
    private final AtomicInteger changes = new AtomicInteger();
    private final Map<InetAddress, Name> reverse = new ConcurrentHashMap<>();

    ClusterZone(Name domain) {
        this.domain = domain;
    }

    Name domain() {
        return domain;
    }

    /// What a lookup found.
    sealed interface Found {
        /// Records of the type that was asked for (or a CNAME), and others that will be asked for next.
        record Records(List<Record> answers, List<Record> additional) implements Found {}

        /// The name exists, but has no record of this type.
        record NoData() implements Found {}

        record NoSuchName() implements Found {}

        /// The name does not belong to this zone.
        record NotOurs() implements Found {}
    }

    /// Sets whether a namespace is there: names of its pods are answered, although it has no services.
    void namespace(String name, boolean present) {
        boolean changed = present ? namespaces.add(name) : namespaces.remove(name);
        changes.addAndGet(changed ? 1 : 0);
    }

    private boolean hasNamespace(String name) {
        return namespaces.contains(name) || servicesInNamespace.containsKey(name);
    }

    /// The zone's own record; its serial grows with every change.
    SOARecord authority() {
        return new SOARecord(domain, DClass.IN, TTL_SECONDS, name("ns", "dns"), name("hostmaster"), 1L + changes.get(), 7200, 1800, 86400, TTL_SECONDS);
    }

    /// Sets what is known of a service, or forgets it (null).
    void put(String namespace, String name, @Nullable ServiceNames names) {
        changes.incrementAndGet();
        String key = key(namespace, name);
        ServiceNames before = names == null ? services.remove(key) : services.put(key, names);
        if (before != null) {
            addresses(before).forEach(reverse::remove);
        }
        if (names != null) {
            publishReverse(names);
        }
        int change = (names == null ? 0 : 1) - (before == null ? 0 : 1);
        if (change != 0) {
            servicesInNamespace.merge(namespace, change, (count, more) -> count + more == 0 ? null : count + more);
        }
    }

    private void publishReverse(ServiceNames names) {
        names.clusterIps().forEach(address -> reverse.put(address, name(names.name(), names.namespace(), "svc")));
        names.endpoints().forEach(backend -> reverse.put(backend.address(), name(backend.hostname(), names.name(), names.namespace(), "svc")));
    }

    private static List<InetAddress> addresses(ServiceNames names) {
        List<InetAddress> addresses = new ArrayList<>(names.clusterIps());
        names.endpoints().forEach(backend -> addresses.add(backend.address()));
        return addresses;
    }

    /// Looks up a name and type (of `org.xbill.DNS.Type`).
    Found lookup(Name name, int type) {
        if (!name.subdomain(domain)) {
            return name.subdomain(ReverseNames.V4) || name.subdomain(ReverseNames.V6) ? lookupReverse(name, type) : new Found.NotOurs();
        }
        String[] labels = labels(name);
        int count = labels.length;
        if (count == 0) {
            return switch (type) {
                case Type.SOA -> records(authority());
                case Type.NS -> records(new NSRecord(domain, DClass.IN, TTL_SECONDS, name("ns", "dns")));
                default -> new Found.NoData();
            };
        }
        if (count == 1 && labels[0].equals("dns-version")) {
            return type == Type.TXT ? records(new TXTRecord(name, DClass.IN, TTL_SECONDS, "1.1.0")) : new Found.NoData();
        }
        return switch (labels[count - 1]) {
            case "svc" -> underServices(name, labels, type);
            case "pod" -> underPods(name, labels, type);
            default -> new Found.NoSuchName();
        };
    }

    private Found underServices(Name name, String[] labels, int type) {
        int count = labels.length;
        if (count == 1) {
            return new Found.NoData();
        }
        if (count == 2) {
            return hasNamespace(labels[0]) ? new Found.NoData() : new Found.NoSuchName();
        }
        ServiceNames service = services.get(key(labels[count - 2], labels[count - 3]));
        if (service == null) {
            return new Found.NoSuchName();
        }
        return switch (count) {
            case 3 -> service(name, service, type);
            case 4 -> labels[0].startsWith("_") ? underProtocol(service, labels[0]) : backend(name, service, labels[0], type);
            case 5 -> port(name, service, labels[0], labels[1], type);
            default -> new Found.NoSuchName();
        };
    }

    private Found service(Name name, ServiceNames service, int type) {
        if (!service.externalName().isEmpty()) {
            return records(new CNAMERecord(name, DClass.IN, TTL_SECONDS, absolute(service.externalName())));
        }
        if (type == Type.SRV) {
            List<Record> answers = new ArrayList<>();
            List<Record> additional = new ArrayList<>();
            service.ports().forEach(port -> ports(name, service, port, answers, additional));
            return answers.isEmpty() ? new Found.NoData() : new Found.Records(answers, additional);
        }
        List<InetAddress> all = service.headless() ? service.endpoints().stream().map(ServiceNames.Backend::address).toList() : service.clusterIps();
        if (service.headless() && all.isEmpty()) {
            return new Found.NoSuchName();
        }
        return found(name, all, type);
    }

    private static Found underProtocol(ServiceNames service, String protocol) {
        return service.ports().stream().anyMatch(port -> ("_" + port.protocol()).equals(protocol)) ? new Found.NoData() : new Found.NoSuchName();
    }

    private static Found backend(Name name, ServiceNames service, String hostname, int type) {
        List<InetAddress> addresses = service.endpoints().stream()
                .filter(backend -> backend.hostname().equalsIgnoreCase(hostname)).map(ServiceNames.Backend::address).toList();
        return addresses.isEmpty() ? new Found.NoSuchName() : found(name, addresses, type);
    }

    private Found port(Name name, ServiceNames service, String port, String protocol, int type) {
        List<Record> answers = new ArrayList<>();
        List<Record> additional = new ArrayList<>();
        service.ports().stream()
                .filter(p -> ("_" + p.name()).equalsIgnoreCase(port) && ("_" + p.protocol()).equalsIgnoreCase(protocol))
                .forEach(p -> ports(name, service, p, answers, additional));
        if (answers.isEmpty()) {
            return new Found.NoSuchName();
        }
        return type == Type.SRV || type == Type.ANY ? new Found.Records(answers, additional) : new Found.NoData();
    }

    /// The SRV records of one port: one for the service's address, or one for each endpoint of a headless service.
    private void ports(Name name, ServiceNames service, ServiceNames.Port port, List<Record> answers, List<Record> additional) {
        if (!service.headless()) {
            Name target = name(service.name(), service.namespace(), "svc");
            answers.add(new SRVRecord(name, DClass.IN, TTL_SECONDS, 0, 100, port.number(), target));
            service.clusterIps().forEach(address -> additional.add(address(target, address)));
            return;
        }
        int weight = Math.max(1, 100 / Math.max(1, service.endpoints().size()));
        for (ServiceNames.Backend backend : service.endpoints()) {
            Name target = name(backend.hostname(), service.name(), service.namespace(), "svc");
            for (ServiceNames.Port open : backend.ports()) {
                if (open.name().equals(port.name()) && open.protocol().equals(port.protocol())) {
                    answers.add(new SRVRecord(name, DClass.IN, TTL_SECONDS, 0, weight, open.number(), target));
                    additional.add(address(target, backend.address()));
                }
            }
        }
    }

    /// `10-244-0-7.namespace.pod`: the address is read from the name.
    private Found underPods(Name name, String[] labels, int type) {
        if (labels.length == 1) {
            return new Found.NoData();
        }
        if (!hasNamespace(labels[labels.length - 2])) {
            return new Found.NoSuchName();
        }
        if (labels.length == 2) {
            return new Found.NoData();
        }
        InetAddress address = labels.length == 3 ? ReverseNames.dashed(labels[0]) : null;
        return address == null ? new Found.NoSuchName() : found(name, List.of(address), type);
    }

    private Found lookupReverse(Name name, int type) {
        InetAddress address = ReverseNames.address(name);
        Name target = address == null ? null : reverse.get(address);
        if (target == null) {
            return new Found.NotOurs();
        }
        return type == Type.PTR || type == Type.ANY ? records(new PTRRecord(name, DClass.IN, TTL_SECONDS, target)) : new Found.NoData();
    }

    private static Found found(Name name, List<InetAddress> addresses, int type) {
        List<Record> records = addresses.stream().map(address -> address(name, address)).filter(record -> type == Type.ANY || record.getType() == type).toList();
        return records.isEmpty() ? new Found.NoData() : new Found.Records(records, List.of());
    }

    private static Record address(Name name, InetAddress address) {
        return address instanceof Inet4Address
                ? new ARecord(name, DClass.IN, TTL_SECONDS, address)
                : new AAAARecord(name, DClass.IN, TTL_SECONDS, address);
    }

    private static Found records(Record record) {
        return new Found.Records(List.of(record), List.of());
    }

    private String[] labels(Name name) {
        int count = name.labels() - domain.labels();
        String[] labels = new String[count];
        for (int i = 0; i < count; i++) {
            labels[i] = name.getLabelString(i).toLowerCase(Locale.ROOT);
        }
        return labels;
    }

    private Name name(String... labels) {
        try {
            return Name.concatenate(Name.fromString(String.join(".", labels)), domain);
        } catch (TextParseException | NameTooLongException e) {
            throw new IllegalArgumentException("not a DNS name: " + String.join(".", labels) + "." + domain, e);
        }
    }

    private static Name absolute(String name) {
        try {
            return Name.fromString(name, Name.root);
        } catch (TextParseException e) {
            throw new IllegalArgumentException("not a DNS name: " + name, e);
        }
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }
}
