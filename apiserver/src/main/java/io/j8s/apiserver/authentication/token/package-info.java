/// JSON Web Tokens (RFC 7515, 7517, 7519), as far as the API server issues and checks them.
@NullMarked
package io.j8s.apiserver.authentication.token;

import org.jspecify.annotations.NullMarked;
