@NullMarked
package io.j8s.scheduler;

import org.jspecify.annotations.NullMarked;
