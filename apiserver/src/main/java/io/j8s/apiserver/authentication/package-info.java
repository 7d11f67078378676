/// Who asks: turns a connection's certificates and a request's headers into a user.
@NullMarked
package io.j8s.apiserver.authentication;

import org.jspecify.annotations.NullMarked;
