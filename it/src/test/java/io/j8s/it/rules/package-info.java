/// Tests of the project's own rules: what source may say (tidy) and which room may use which (rooms).
@NullMarked
package io.j8s.it.rules;

import org.jspecify.annotations.NullMarked;
