package io.j8s.it.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Who may use whom: the table of rooms, read from the compiled classes. (Maven's dependencies alone do not say it: they pass on.)
class RoomsTest {

    private static final Set<String> ALL = Set.of(
            "runtime", "model", "http", "store", "etcd", "client", "apiserver", "controllers", "scheduler", "node", "network", "cluster", "testkit");

    /// Each room, and the rooms that it may use beside itself.
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("runtime", Set.of()),
            Map.entry("model", Set.of()),
            Map.entry("http", Set.of("runtime")),
            Map.entry("store", Set.of("runtime")),
            Map.entry("etcd", Set.of("runtime", "store", "http")),
            Map.entry("client", Set.of("runtime", "model", "http")),
            Map.entry("apiserver", Set.of("runtime", "model", "http", "store", "client")),
            Map.entry("controllers", Set.of("runtime", "model", "client")),
            Map.entry("scheduler", Set.of("runtime", "model", "client")),
            Map.entry("node", Set.of("runtime", "model", "http", "client")),
            Map.entry("network", Set.of("runtime", "model", "http", "client")),
            Map.entry("cluster", ALL),
            Map.entry("testkit", Set.of("runtime", "model", "client", "cluster")));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("/it/target/"))
            .importPackages("io.j8s");

    @Test
    void eachRoomUsesOnlyWhatTheTableAllows() {
        Set<String> found = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            String from = room(type);
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String to = room(dependency.getTargetClass());
                if (!to.isEmpty() && !to.equals(from) && !MAY_USE.getOrDefault(from, Set.of()).contains(to)) {
                    found.add(type.getName() + ": " + from + " may not use " + to + " (" + dependency.getTargetClass().getName() + ")");
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void onlyTheProtocolEdgeAndTheClientsOverGrpcKnowNetty() {
        assertThat(usersOf("io.netty.", List.of("http", "node", "etcd"))).isEmpty();
    }

    @Test
    void onlyWhatMakesCertificatesKnowsBouncyCastle() {
        Set<String> found = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            boolean uses = type.getDirectDependenciesFromSelf().stream().anyMatch(d -> d.getTargetClass().getName().startsWith("org.bouncycastle."));
            if (uses && !Set.of("io.j8s.cluster.pki", "io.j8s.cluster.encryption", "io.j8s.controllers.certificates").contains(type.getPackageName())) {
                found.add(type.getName());
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void onlyThePkiKnowsAsn1() {
        Set<String> found = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            if (!type.getPackageName().equals("io.j8s.cluster.pki") && type.getDirectDependenciesFromSelf().stream().anyMatch(d -> d.getTargetClass().getName().startsWith("org.apache.kerby."))) {
                found.add(type.getName());
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void noRoomIsUnknownToTheTable() {
        Map<String, String> unknown = new TreeMap<>();
        for (JavaClass type : CLASSES) {
            String room = room(type);
            if (!MAY_USE.containsKey(room)) {
                unknown.put(room, type.getName());
            }
        }
        assertThat(unknown).isEmpty();
    }

    private static Set<String> usersOf(String prefix, List<String> allowed) {
        Set<String> found = new TreeSet<>();
        for (JavaClass type : CLASSES) {
            boolean uses = type.getDirectDependenciesFromSelf().stream().anyMatch(d -> d.getTargetClass().getName().startsWith(prefix));
            if (uses && !allowed.contains(room(type))) {
                found.add(type.getName());
            }
        }
        return found;
    }

    /// The second part of `io.j8s.ROOM…`; empty for types that are not ours.
    private static String room(JavaClass type) {
        String name = type.getBaseComponentType().getPackageName();
        return name.startsWith("io.j8s.") ? name.substring("io.j8s.".length()).split("\\.", 2)[0] : "";
    }
}
