/// The types of the Kubernetes API and everything that is written once over them. No I/O, no threads, no clock.
@NullMarked
package io.j8s.model;

import org.jspecify.annotations.NullMarked;
