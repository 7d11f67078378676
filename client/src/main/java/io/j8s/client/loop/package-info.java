/// The shape of every controller: events enqueue keys, workers reconcile one key at a time against what informers know, failures are retried by the loop and nowhere else.
@NullMarked
package io.j8s.client.loop;

import org.jspecify.annotations.NullMarked;
