/// Recording events about objects, with client-go's grouping and limits.
@NullMarked
package io.j8s.client.events;

import org.jspecify.annotations.NullMarked;
