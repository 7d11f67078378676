/// Puts a server's guards together: authenticators, authorizers and admission plugins, by settings that correspond to the flags of kube-apiserver.
@NullMarked
package io.j8s.apiserver.security;

import org.jspecify.annotations.NullMarked;
