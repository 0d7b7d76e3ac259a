using System.Net.Sockets;
using System.Security.Authentication;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire.Egress;

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
    public static HttpFault? From(Exception exception, string host, ExchangePhase phase)
    {
        for (var e = exception; e is not null; e = e.InnerException)
            if (e is EgressException egress)
                return egress.Fault;

        return exception switch
        {
            HttpRequestException request => From(request.HttpRequestError, request, host, phase),
            HttpIOException io => From(io.HttpRequestError, io, host, phase),
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

    private static HttpFault From(HttpRequestError error, Exception e, string host, ExchangePhase phase) =>
        error switch
        {
            HttpRequestError.NameResolutionError => Fault(HttpFaultCodes.Dns, $"The host '{host}' could not be resolved."),
            HttpRequestError.ConnectionError => Fault(HttpFaultCodes.Connect, $"No connection to '{host}'."),
            HttpRequestError.SecureConnectionError => Tls(host, e),
            HttpRequestError.ConfigurationLimitExceeded => Fault(
                HttpFaultCodes.TooLarge,
                $"The answer of '{host}' has more headers than the limit allows."
            ),
            HttpRequestError.ResponseEnded => Lost(host, phase),
            HttpRequestError.Unknown when Has<AuthenticationException>(e) => Tls(host, e),
            HttpRequestError.Unknown when Has<IOException>(e) || Has<SocketException>(e) => Lost(host, phase),
            _ => Fault(HttpFaultCodes.BadResponse, $"The answer of '{host}' is not valid HTTP."),
        };

    private static HttpFault Lost(string host, ExchangePhase phase) =>
        phase == ExchangePhase.AwaitingAnswer
            ? Fault(HttpFaultCodes.Connect, $"'{host}' closed the connection before it answered.")
            : Fault(HttpFaultCodes.BadResponse, $"'{host}' closed the connection in the middle of its answer.");

    // SslStream names the failed check ("NotTimeValid", "RemoteCertificateNameMismatch"): no secret, and what people need.
    private static HttpFault Tls(string host, Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is AuthenticationException && e.Message.StartsWith("The remote certificate is invalid", StringComparison.Ordinal))
                return Fault(HttpFaultCodes.Tls, $"The certificate of '{host}' is not trusted. {e.Message}. Have it renewed or corrected.");
        }
        return Fault(HttpFaultCodes.Tls, $"No TLS connection to '{host}'. Check that the port speaks TLS 1.2 or newer.");
    }

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
