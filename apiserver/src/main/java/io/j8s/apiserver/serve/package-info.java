/// The chain that a request over HTTP goes through, and the forms of its answers.
@NullMarked
package io.j8s.apiserver.serve;

import org.jspecify.annotations.NullMarked;
