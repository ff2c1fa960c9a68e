# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Findings about the way to the two servers."""

from __future__ import annotations

from .entry import ERROR, INFO, WARNING, Entry

ENTRIES = (
    Entry(
        "dns_unresolved",
        ERROR,
        "The name {host} cannot be resolved on the machine where the task runs.",
        "Correct the host in url, or the DNS of that machine.",
        option="qlik_jwt_probe.url",
    ),
    Entry(
        "tcp_refused",
        ERROR,
        "No connection to {host}:{port} could be made.",
        "Start the Qlik Sense Proxy Service, open the port in the firewall, or correct url. With "
        "wait, the probe bridges the restart of a proxy.",
        option="qlik_jwt_probe.url",
    ),
    Entry(
        "tcp_timeout",
        ERROR,
        "{host}:{port} does not answer to a connection.",
        "Let the firewall pass the port from the machine where the task runs, or correct url.",
        option="qlik_jwt_probe.url",
    ),
    Entry(
        "tls_untrusted",
        ERROR,
        "The certificate that {host}:{port} shows cannot be traced back to a trusted authority.",
        "Give the authority of the proxy's certificate as url_ca_path; for the certificate that "
        "Qlik Sense makes itself that is the site's root.pem.",
        "Proxies > Security > SSL browser certificate thumbprint",
        "qlik_jwt_probe.url_ca_path",
    ),
    Entry(
        "tls_hostname_mismatch",
        ERROR,
        "The certificate that {host}:{port} shows is for another name.",
        "Use the name in the certificate as host in url, or give the proxy a certificate for "
        "{host}. Where the name cannot be used, url_tls_server_name tells which one to expect.",
        "Proxies > Security > SSL browser certificate thumbprint",
        "qlik_jwt_probe.url_tls_server_name",
    ),
    Entry(
        "tls_expired",
        ERROR,
        "The certificate that {host}:{port} shows is not valid now.",
        "Renew the certificate and set its thumbprint, or mend the clock of the machine where the "
        "task runs.",
        "Proxies > Security > SSL browser certificate thumbprint",
    ),
    Entry(
        "tls_purpose",
        ERROR,
        "The certificate that {host}:{port} shows is not for servers.",
        "Give the proxy a certificate with the extended key usage serverAuth, and set its "
        "thumbprint.",
        "Proxies > Security > SSL browser certificate thumbprint",
    ),
    Entry(
        "tls_weak",
        ERROR,
        "The certificate that {host}:{port} shows has a key or a signature that is too weak.",
        "Give the proxy a certificate with an RSA key of 2048 bits or more, signed with SHA-256, "
        "and set its thumbprint.",
        "Proxies > Security > SSL browser certificate thumbprint",
    ),
    Entry(
        "not_qlik",
        ERROR,
        "What answers at {url} does not behave like a Qlik Sense proxy.",
        "Correct host and port in url: browsers use the proxy's port 443, not the repository's "
        "4242. A web server or firewall in front has to hand every path on.",
        option="qlik_jwt_probe.url",
    ),
    Entry(
        "proxy_unavailable",
        ERROR,
        "The proxy at {url} is there, but does not serve.",
        "Look whether the Qlik Sense Proxy and Repository Services run. After a change a proxy "
        "restarts for up to half a minute: give wait.",
        option="qlik_jwt_probe.wait",
    ),
    Entry(
        "slow_start",
        INFO,
        "The proxy needed {seconds} s until the login was answered.",
        "A proxy that was idle or has just restarted is slow once. If it stays slow, look at the "
        "load of the node.",
    ),
    Entry(
        "repository_unreachable",
        WARNING,
        "The repository could not be read, so {effect}.",
        "Correct host, port, ca_path and the client certificate, or open port 4242 in the "
        "firewall. To log in anyway, name the host of url in trusted_hosts.",
        option="qlik_jwt_probe.host",
    ),
    Entry(
        "repository_forbidden",
        WARNING,
        "The repository does not show what the comparison needs, so {effect}.",
        "Use client.pem of this very site, and an administrator as api_user_directory and "
        "api_user_id. To log in anyway, name the host of url in trusted_hosts.",
        "Users > Admin roles",
        "qlik_jwt_probe.api_user_id",
    ),
)
