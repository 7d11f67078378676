@NullMarked
package io.j8s.testkit.simulation;

import org.jspecify.annotations.NullMarked;
