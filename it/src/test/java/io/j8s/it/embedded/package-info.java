/// A cluster inside this JVM, as a user's tests have it.
@NullMarked
package io.j8s.it.embedded;

import org.jspecify.annotations.NullMarked;
