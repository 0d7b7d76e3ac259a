using System.Net.Sockets;
using System.Security.Authentication;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire.Egress;
using FlowEngine.HttpConnector.Wire.Tls;

namespace FlowEngine.HttpConnector.Wire;

/// <summary>Shared and immutable. How far an exchange has come.</summary>
internal enum ExchangePhase
{
    AwaitingAnswer,
    ReadingBody,
}

/// <summary>Per process, thread-safe. Turns what .NET throws into a fault; its messages are not repeated, they can hold URLs.</summary>
internal static class ExchangeFaults
{
    /// <returns>The fault, or null for an exception that is a mistake of ours and must not be hidden.</returns>
    public static HttpFault? From(Exception exception, string host, ExchangePhase phase, TlsMaterial? material)
    {
        for (var e = exception; e is not null; e = e.InnerException)
            if (e is EgressException egress)
                return egress.Fault;

        // TLS 1.3: what the other side thinks of our certificate comes after the handshake, in place of the answer.
        if (AlertIn(exception) is { } alert)
            return Alerted(host, alert, material);
        return exception switch
        {
            HttpRequestException request => From(request.HttpRequestError, request, host, phase, material),
            HttpIOException io => From(io.HttpRequestError, io, host, phase, material),
            // What decoders throw on corrupt data.
            InvalidDataException or InvalidOperationException when phase == ExchangePhase.ReadingBody => Fault(
                HttpFaultCodes.BadResponse,
                $"The answer of '{host}' does not decompress: its content-encoding is wrong or its body damaged."
            ),
            IOException or SocketException => Lost(host, phase),
            OperationCanceledException => Lost(host, phase),
            _ => null,
        };
    }

    private static HttpFault From(HttpRequestError error, Exception e, string host, ExchangePhase phase, TlsMaterial? material) =>
        error switch
        {
            HttpRequestError.NameResolutionError => Fault(HttpFaultCodes.Dns, $"The host '{host}' could not be resolved."),
            HttpRequestError.ConnectionError when Has<AuthenticationException>(e) => Tls(host, e, material),
            HttpRequestError.ConnectionError => Fault(HttpFaultCodes.Connect, $"No connection to '{host}'."),
            HttpRequestError.SecureConnectionError => Tls(host, e, material),
            HttpRequestError.ConfigurationLimitExceeded => Fault(
                HttpFaultCodes.TooLarge,
                $"The answer of '{host}' has more headers than the limit allows."
            ),
            HttpRequestError.ResponseEnded => Lost(host, phase),
            HttpRequestError.Unknown when Has<AuthenticationException>(e) => Tls(host, e, material),
            HttpRequestError.Unknown when Has<IOException>(e) || Has<SocketException>(e) => Lost(host, phase),
            _ => Fault(HttpFaultCodes.BadResponse, $"The answer of '{host}' is not valid HTTP."),
        };

    private static HttpFault Lost(string host, ExchangePhase phase) =>
        phase == ExchangePhase.AwaitingAnswer
            ? Fault(HttpFaultCodes.Connect, $"'{host}' closed the connection before it answered.")
            : Fault(HttpFaultCodes.BadResponse, $"'{host}' closed the connection in the middle of its answer.");

    // SslStream names the failed check ("NotTimeValid", "RemoteCertificateNameMismatch"): no secret, and what people need.
    private static HttpFault Tls(string host, Exception exception, TlsMaterial? material)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is AuthenticationException && e.Message.StartsWith("The remote certificate is invalid", StringComparison.Ordinal))
                return Fault(
                    HttpFaultCodes.Tls,
                    $"The certificate of '{host}' is not trusted. {e.Message}. {AdviceFor(e.Message, material)}"
                );
        }
        return Fault(HttpFaultCodes.Tls, $"No TLS connection to '{host}'. Check that the port speaks TLS 1.2 or newer.");
    }

    private static string AdviceFor(string reason, TlsMaterial? material) =>
        reason.Contains("NameMismatch", StringComparison.Ordinal) ? "Have it corrected, or set serverName to the name that it is for."
        : reason.Contains("NotTimeValid", StringComparison.Ordinal) ? "Have it renewed."
        : material is { Authorities.Count: > 0 } ? "Look at the connector's caCertificates: only those authorities are trusted."
        : "Have it corrected, or give its authority in caCertificates.";

    /// <summary>What the other side said before it gave up, such as "certificate required": the name of an alert of TLS, in OpenSSL's
    /// words.</summary>
    private static string? AlertIn(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            var at = e.Message.IndexOf(" alert ", StringComparison.Ordinal);
            if (at >= 0 && e.Message.Contains("SSL", StringComparison.Ordinal))
                return new string([.. e.Message[(at + " alert ".Length)..].TakeWhile(c => char.IsAsciiLetter(c) || c == ' ')]).Trim();
        }
        return null;
    }

    private static HttpFault Alerted(string host, string alert, TlsMaterial? material) =>
        Fault(
            HttpFaultCodes.Tls,
            material?.Certificate is not { } own
                ? $"'{host}' ended the handshake ({alert}). If it asks for a client certificate, set clientCertificate and clientKey."
                : $"'{host}' ended the handshake ({alert}): it does not take the connector's clientCertificate, which is valid until "
                    + $"{own.NotAfter.ToUniversalTime():yyyy-MM-dd}. Look whether it knows its authority, and whether the chain is complete."
        );

    private static bool Has<T>(Exception e)
        where T : Exception
    {
        for (var inner = e.InnerException; inner is not null; inner = inner.InnerException)
            if (inner is T)
                return true;
        return false;
    }

    private static HttpFault Fault(string code, string message) => new(code, message);
}
