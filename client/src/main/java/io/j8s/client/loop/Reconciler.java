package io.j8s.client.loop;

/// Brings what a key names to what is asked for. Must be idempotent, and must not write when nothing differs.
///
/// Never called for one key by two threads at a time. An exception counts as [Outcome.Failed].
@FunctionalInterface
public interface Reconciler<K> {
    Outcome reconcile(K key) throws InterruptedException;
}
