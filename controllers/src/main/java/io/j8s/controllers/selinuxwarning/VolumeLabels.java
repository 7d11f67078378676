package io.j8s.controllers.selinuxwarning;

import io.j8s.client.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which pods use which volume, with which label and policy, and where they disagree. The monitor guards all of it.
final class VolumeLabels {
    private static final int PARTS = 4;
    private final Map<String, Users> volumes = new HashMap<>();
    private final Map<ObjectKey, Set<String>> volumesByPod = new HashMap<>();

    /// @param label `USER:ROLE:TYPE:LEVEL`, each of which may be empty; empty: none is given
    /// @param policy `MountOption` or `Recursive`
    record Use(String label, String policy) {}

    private record Users(String driver, Map<ObjectKey, Use> uses, List<Conflict> conflicts) {
        Users(String driver) {
            this(driver, new LinkedHashMap<>(), new ArrayList<>());
        }
    }

    /// Notes that a pod uses a volume; answers the conflicts that come of it, if that is news.
    ///
    /// @param driver of CSI; empty: another kind of volume
    synchronized List<Conflict> add(String volume, ObjectKey pod, Use use, String driver) {
        Users users = volumes.computeIfAbsent(volume, v -> new Users(driver));
        volumesByPod.computeIfAbsent(pod, p -> new HashSet<>()).add(volume);
        if (use.equals(users.uses.put(pod, use))) {
            return List.of();
        }
        users.conflicts.removeIf(conflict -> conflict.concerns(pod));
        List<Conflict> found = new ArrayList<>();
        users.uses.forEach((other, otherUse) -> {
            if (!use.policy.equals(otherUse.policy)) {
                addBoth(found, Conflict.POLICY, pod, use.policy, other, otherUse.policy);
            }
            if (conflict(use.label, otherUse.label)) {
                addBoth(found, Conflict.LABEL, pod, use.label, other, otherUse.label);
            }
        });
        users.conflicts.addAll(found);
        return found;
    }

    private static void addBoth(List<Conflict> found, String property, ObjectKey pod, String value, ObjectKey other, String otherValue) {
        found.add(new Conflict(property, pod, value, other, otherValue));
        found.add(new Conflict(property, other, otherValue, pod, value));
    }

    /// Whether two labels cannot go together: a part that one of them leaves out is no matter, but the levels must be equal.
    static boolean conflict(String one, String other) {
        String[] parts = parts(one);
        String[] otherParts = parts(other);
        for (int i = 0; i < PARTS; i++) {
            boolean comparable = i == PARTS - 1 || (!parts[i].isEmpty() && !otherParts[i].isEmpty());
            if (comparable && !parts[i].equals(otherParts[i])) {
                return true;
            }
        }
        return false;
    }

    private static String[] parts(String label) {
        String[] parts = {"", "", "", ""};
        String[] given = label.split(":", PARTS); // levels have colons of their own
        System.arraycopy(given, 0, parts, 0, given.length);
        return parts;
    }

    synchronized void remove(ObjectKey pod) {
        Set<String> used = volumesByPod.remove(pod);
        if (used == null) {
            return;
        }
        for (String volume : used) {
            Users users = volumes.get(volume);
            if (users != null) {
                users.uses.remove(pod);
                users.conflicts.removeIf(conflict -> conflict.concerns(pod));
                if (users.uses.isEmpty()) {
                    volumes.remove(volume);
                }
            }
        }
    }

    synchronized List<ObjectKey> podsOf(String driver) {
        return volumes.values().stream().filter(users -> users.driver.equals(driver)).flatMap(users -> users.uses.keySet().stream()).distinct().toList();
    }

    synchronized Collection<Conflict> conflicts() {
        Set<Conflict> all = new HashSet<>();
        volumes.values().forEach(users -> all.addAll(users.conflicts));
        return all;
    }
}
