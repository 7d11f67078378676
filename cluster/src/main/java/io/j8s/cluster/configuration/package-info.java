/// Configuration files of upstream's components, and the flags that stand for their fields: one table for each component says what there is and what becomes of it.
@NullMarked
package io.j8s.cluster.configuration;

import org.jspecify.annotations.NullMarked;
