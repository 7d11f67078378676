/// Work queues with client-go's semantics: an item is never handled by two workers at a time, however often it is added; failed items come back later and later.
@NullMarked
package io.j8s.client.queue;

import org.jspecify.annotations.NullMarked;
