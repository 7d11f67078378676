package io.j8s.controllers.selinuxwarning;

import io.j8s.client.ObjectKey;

/// What one pod wants of a volume, and another does not; each conflict is there twice, once from each side.
///
/// @param property `SELinuxLabel` or `SELinuxChangePolicy`
/// @param pod is told
record Conflict(String property, ObjectKey pod, String value, ObjectKey other, String otherValue) {
    static final String LABEL = "SELinuxLabel";
    static final String POLICY = "SELinuxChangePolicy";
    private static final String CONSEQUENCE = ". If both pods land on the same node, only one of them may access the volume.";

    String reason() {
        return property + "Conflict";
    }

    /// Pods of other namespaces are not named: who reads this may know nothing of them.
    String message() {
        if (pod.namespace().equals(other.namespace())) {
            return property + " \"" + value + "\" conflicts with pod " + other.name() + " that uses the same volume as this pod with " + property + " \"" + otherValue + "\"" + CONSEQUENCE;
        }
        return property + "\"" + value + "\" conflicts with another pod that uses the same volume as this pod with a different " + property + CONSEQUENCE; // no blank, as upstream
    }

    boolean concerns(ObjectKey key) {
        return pod.equals(key) || other.equals(key);
    }
}
