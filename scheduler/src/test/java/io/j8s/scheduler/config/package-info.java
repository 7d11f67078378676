@NullMarked
package io.j8s.scheduler.config;

import org.jspecify.annotations.NullMarked;
