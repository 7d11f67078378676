package io.j8s.apiserver.discovery;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Subresource;
import io.j8s.apiserver.resource.Verb;
import io.j8s.apiserver.resource.Version;
import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The discovery documents of a set of resources, as plain JSON values. Immutable; made anew when a resource comes or goes.
public final class Discovery {

    /// Built-in groups in upstream's order; others follow by name.
    private static final List<String> GROUP_ORDER = List.of(
            "apiregistration.k8s.io", "apps", "events.k8s.io", "authentication.k8s.io", "authorization.k8s.io", "autoscaling", "batch", "certificates.k8s.io",
            "networking.k8s.io", "policy", "rbac.authorization.k8s.io", "storage.k8s.io", "admissionregistration.k8s.io", "apiextensions.k8s.io",
            "scheduling.k8s.io", "coordination.k8s.io", "node.k8s.io", "discovery.k8s.io", "resource.k8s.io", "flowcontrol.apiserver.k8s.io");

    private static final List<Verb> OF_CUSTOM_RESOURCES =
            List.of(Verb.DELETE, Verb.DELETECOLLECTION, Verb.GET, Verb.LIST, Verb.PATCH, Verb.CREATE, Verb.UPDATE, Verb.WATCH);

    private final Map<String, Map<String, List<Entry>>> groups;
    /// Versions of which nothing is served here.
    private final Map<String, Map<String, ForeignVersion>> foreign;

    /// A resource in one version.
    private record Entry(Resource<?> resource, Version<?, ?> version) {
        ApiResource<?> api() {
            return version.resource();
        }
    }

    private Discovery(Map<String, Map<String, List<Entry>>> groups, Map<String, Map<String, ForeignVersion>> foreign) {
        this.groups = groups;
        this.foreign = foreign;
    }

    public static Discovery of(Collection<Resource<?>> resources) {
        return of(resources, List.of());
    }

    /// @param foreign what is served elsewhere, and priorities of what is served here
    public static Discovery of(Collection<Resource<?>> resources, Collection<ForeignVersion> foreign) {
        Priorities priorities = Priorities.of(foreign);
        Comparator<String> order = Comparator.<String>comparingInt(group -> -priorities.of(group)).thenComparingInt(Discovery::rank).thenComparing(Comparator.naturalOrder());
        Map<String, Map<String, List<Entry>>> groups = new TreeMap<>(order);
        for (Resource<?> resource : resources) {
            for (Version<?, ?> version : resource.versions()) {
                groups.computeIfAbsent(version.resource().group(), group -> new TreeMap<>(priorities.versions(group)))
                        .computeIfAbsent(version.resource().version(), v -> new ArrayList<>())
                        .add(new Entry(resource, version));
            }
        }
        Map<String, Map<String, ForeignVersion>> elsewhere = new TreeMap<>();
        for (ForeignVersion version : foreign) {
            boolean here = groups.getOrDefault(version.group(), Map.of()).containsKey(version.version());
            if (version.remote() || !here) {
                groups.computeIfAbsent(version.group(), group -> new TreeMap<>(priorities.versions(group))).put(version.version(), new ArrayList<>());
                elsewhere.computeIfAbsent(version.group(), group -> new TreeMap<>()).put(version.version(), version);
            }
        }
        groups.values().forEach(versions -> versions.values().forEach(entries -> entries.sort(Comparator.comparing(entry -> entry.api().plural()))));
        return new Discovery(groups, elsewhere);
    }

    /// How far in front groups and their versions stand, as APIServices say.
    private record Priorities(Map<String, Integer> groups, Map<String, Integer> versions) {
        private static final int FRONT = 20_000;
        private static final int STEP = 50;
        private static final int CUSTOM_GROUP = 1000;
        private static final int CUSTOM_VERSION = 100;

        static Priorities of(Collection<ForeignVersion> announced) {
            Map<String, Integer> groups = new HashMap<>();
            Map<String, Integer> versions = new HashMap<>();
            for (ForeignVersion version : announced) {
                groups.merge(version.group(), version.groupPriority(), Math::max);
                versions.put(version.version() + "." + version.group(), version.versionPriority());
            }
            return new Priorities(groups, versions);
        }

        int of(String group) {
            int rank = rank(group);
            if (rank <= 0) {
                return Integer.MAX_VALUE; // the core group, and the one by which all others are announced
            }
            return groups.getOrDefault(group, rank < GROUP_ORDER.size() ? FRONT - STEP * rank : CUSTOM_GROUP);
        }

        Comparator<String> versions(String group) {
            return Comparator.<String>comparingInt(version -> -versions.getOrDefault(version + "." + group, CUSTOM_VERSION)).thenComparing(Versions.NEWEST_FIRST);
        }
    }

    private static int rank(String group) {
        int place = group.isEmpty() ? -1 : GROUP_ORDER.indexOf(group);
        return place < 0 && !group.isEmpty() ? GROUP_ORDER.size() : place;
    }

    /// The groups that are served, without the core one, in order.
    public Set<String> groupNames() {
        Set<String> names = new LinkedHashSet<>(groups.keySet());
        names.remove("");
        return names;
    }

    /// The versions of a group, the preferred one first.
    public List<String> versions(String group) {
        return List.copyOf(groups.getOrDefault(group, Map.of()).keySet());
    }

    /// Whether a group has custom resources only.
    public boolean isCustom(String group) {
        Map<String, List<Entry>> versions = groups.getOrDefault(group, Map.of());
        return !versions.isEmpty() && versions.values().stream().flatMap(List::stream).allMatch(entry -> entry.resource.storedAsJson());
    }

    // ---- the older form

    /// `/apis`
    public Map<String, Object> groupList() {
        return object("kind", "APIGroupList", "apiVersion", "v1", "groups", groupNames().stream().map(this::groupEntry).toList());
    }

    /// `/apis/GROUP`, or null.
    public @Nullable Map<String, Object> group(String name) {
        if (name.isEmpty() || !groups.containsKey(name)) {
            return null;
        }
        Map<String, Object> group = object("kind", "APIGroup", "apiVersion", "v1");
        group.putAll(groupEntry(name));
        return group;
    }

    private Map<String, Object> groupEntry(String name) {
        List<Map<String, Object>> versions = versions(name).stream().map(version -> object("groupVersion", name + "/" + version, "version", version)).toList();
        return object("name", name, "versions", versions, "preferredVersion", versions.getFirst());
    }

    /// `/api/v1` and `/apis/GROUP/VERSION`, or null.
    public @Nullable Map<String, Object> resourceList(String group, String version) {
        List<Entry> entries = groups.getOrDefault(group, Map.of()).get(version);
        if (entries == null || foreign(group, version) != null) {
            return null;
        }
        List<Map<String, Object>> resources = new ArrayList<>();
        for (Entry entry : entries) {
            resources.add(resource(entry));
            subresources(entry).forEach(sub -> resources.add(subresource(entry, sub)));
        }
        Map<String, Object> list = object("kind", "APIResourceList");
        if (!group.isEmpty()) {
            list.put("apiVersion", "v1");
        }
        list.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
        list.put("resources", resources);
        return list;
    }

    private static Map<String, Object> resource(Entry entry) {
        Resource<?> resource = entry.resource;
        Map<String, Object> one = object(
                "name", entry.api().plural(), "singularName", resource.singular(), "namespaced", resource.namespaced(), "kind", entry.api().kind(), "verbs",
                verbs(resource));
        putIfSome(one, "shortNames", resource.shortNames());
        putIfSome(one, "categories", resource.categories());
        boolean storageShown = !resource.storedAsJson() || resource.version(resource.hub().group(), resource.hub().version()) != null;
        if (resource.virtual() == null && storageShown) {
            one.put("storageVersionHash", storageVersionHash(resource));
        }
        return one;
    }

    private static Map<String, Object> subresource(Entry entry, Subresource<?> sub) {
        Kind kind = kind(entry, sub);
        Map<String, Object> one = object("name", entry.api().plural() + "/" + sub.name(), "singularName", "", "namespaced", entry.resource.namespaced());
        if (!kind.group.isEmpty() || !kind.version.isEmpty()) {
            one.put("group", kind.group);
            one.put("version", kind.version);
        }
        one.put("kind", kind.kind);
        one.put("verbs", verbs(sub.verbs()));
        return one;
    }

    // ---- the aggregated form

    /// APIGroupDiscoveryList of the core group (`/api`) or of all others (`/apis`).
    ///
    /// @param version `v2` or `v2beta1`
    public Map<String, Object> aggregated(boolean core, String version) {
        List<Map<String, Object>> items = new ArrayList<>();
        for (String group : core ? List.of("") : groupNames()) {
            if (groups.containsKey(group) && !onlyAnnounced(group)) {
                items.add(aggregatedGroup(group));
            }
        }
        return object("kind", "APIGroupDiscoveryList", "apiVersion", "apidiscovery.k8s.io/" + version, "metadata", Map.of(), "items", items);
    }

    private @Nullable ForeignVersion foreign(String group, String version) {
        return foreign.getOrDefault(group, Map.of()).get(version);
    }

    /// Whether anything of a group is served, here or elsewhere (and not only announced).
    public boolean serves(String group) {
        return groups.containsKey(group) && !onlyAnnounced(group);
    }

    private boolean onlyAnnounced(String group) {
        return versions(group).stream().allMatch(version -> {
            ForeignVersion elsewhere = foreign(group, version);
            return elsewhere != null && !elsewhere.remote();
        });
    }

    private Map<String, Object> aggregatedGroup(String group) {
        List<Map<String, Object>> versions = new ArrayList<>();
        groups.getOrDefault(group, Map.of()).forEach((version, entries) -> {
            ForeignVersion elsewhere = foreign(group, version);
            if (elsewhere == null) {
                versions.add(object("version", version, "resources", entries.stream().map(Discovery::aggregatedResource).toList(), "freshness", "Current"));
            } else if (elsewhere.remote()) {
                Map<String, Object> one = object("version", version);
                putIfSome(one, "resources", elsewhere.resources());
                one.put("freshness", elsewhere.current() ? "Current" : "Stale");
                versions.add(one);
            }
        });
        return object("metadata", group.isEmpty() ? Map.of() : Map.of("name", group), "versions", versions);
    }

    private static Map<String, Object> aggregatedResource(Entry entry) {
        Resource<?> resource = entry.resource;
        Map<String, Object> one = object(
                "resource", entry.api().plural(),
                "responseKind", responseKind(new Kind("", "", entry.api().kind())),
                "scope", resource.namespaced() ? "Namespaced" : "Cluster",
                "singularResource", resource.singular(),
                "verbs", verbs(resource));
        putIfSome(one, "shortNames", resource.shortNames());
        putIfSome(one, "categories", resource.categories());
        putIfSome(one, "subresources", subresources(entry).stream()
                .map(sub -> object("subresource", sub.name(), "responseKind", responseKind(kind(entry, sub)), "verbs", verbs(sub.verbs())))
                .toList());
        return one;
    }

    private static Map<String, Object> responseKind(Kind kind) {
        return object("group", kind.group, "version", kind.version, "kind", kind.kind);
    }

    // ---- common

    private record Kind(String group, String version, String kind) {}

    /// The kind of a subresource; group and version only where they are not those of the resource.
    private static Kind kind(Entry entry, Subresource<?> sub) {
        return switch (sub) {
            case Subresource.Part<?> part -> new Kind("", "", entry.api().kind());
            case Subresource.View<?, ?> view -> foreign(entry, view.group(), view.version(), view.kind());
            case Subresource.Action<?, ?> action -> foreign(entry, action.group(), action.version(), action.kind());
            case Subresource.Connection<?> connection -> new Kind("", "", connection.kind());
        };
    }

    private static Kind foreign(Entry entry, String group, String version, String kind) {
        boolean same = group.equals(entry.api().group()) && version.equals(entry.api().version());
        return same ? new Kind("", "", kind) : new Kind(group, version, kind);
    }

    private static List<Subresource<?>> subresources(Entry entry) {
        List<Subresource<?>> all = new ArrayList<>(entry.resource.subresourcesIn(entry.version));
        all.sort(Comparator.comparing(Subresource::name));
        return all;
    }

    /// As upstream orders them: by name, but for custom resources.
    private static List<String> verbs(Resource<?> resource) {
        return resource.storedAsJson() ? OF_CUSTOM_RESOURCES.stream().filter(resource.announcedVerbs()::contains).map(Verb::text).toList() : verbs(resource.verbs());
    }

    private static List<String> verbs(Set<Verb> verbs) {
        return verbs.stream().map(Verb::text).sorted().toList();
    }

    /// Says nothing but whether the storage version is the same: as upstream, of group/version/kind.
    private static <T extends Struct> String storageVersionHash(Resource<T> resource) {
        ApiResource<T> hub = resource.hub();
        byte[] hash = sha256(hub.group() + "/" + hub.version() + "/" + hub.kind());
        return Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(hash, 8));
    }

    /// A tag for a document: it changes when the document does.
    public static String entityTag(byte[] document) {
        return HexFormat.of().withUpperCase().formatHex(digest(document));
    }

    private static byte[] sha256(String text) {
        return digest(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    private static void putIfSome(Map<String, Object> object, String name, List<?> values) {
        if (!values.isEmpty()) {
            object.put(name, values);
        }
    }

    private static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }
}
