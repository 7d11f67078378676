/// Keeps the numbered pods of StatefulSets, each with its own name and storage, in order.
@NullMarked
package io.j8s.controllers.statefulset;

import org.jspecify.annotations.NullMarked;
