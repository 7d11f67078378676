package io.j8s.client.informer;

/// Orders resourceVersions of one resource, which v1.35 and later guarantee to be comparable decimal numbers (KEP-5504).
final class Revisions {
    private Revisions() {}

    /// Less than, equal to or greater than 0; the empty one is the oldest.
    static int compare(String a, String b) {
        return a.length() != b.length() ? Integer.compare(a.length(), b.length()) : a.compareTo(b);
    }
}
