using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Auth;
using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Authentication.Aws;

/// <summary>Shared and immutable: what signs for AWS.</summary>
/// <param name="Id">The id of the access key.</param>
/// <param name="Secret">Its secret.</param>
/// <param name="Token">The session's token; "" for none.</param>
internal sealed record AwsKey(string Id, string Secret, string Token);

/// <summary>
/// Per connector, thread-safe: signs requests by AWS Signature Version 4: what is signed is what is sent, the signature itself is AWSSDK's.
/// An answer that says that our clock is wrong sets it right, as far as signatures are concerned.
/// </summary>
internal sealed class AwsSigner(
    string region,
    string service,
    TimeProvider time,
    Func<CancellationToken, ValueTask<(AwsKey? Key, HttpFault? Fault)>> keys
)
{
    private const string DateHeader = "x-amz-date";
    private const string HashHeader = "x-amz-content-sha256";
    public const string TokenHeader = "x-amz-security-token";
    private const string Authorization = "authorization";

    /// <summary>AWS takes five minutes.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(4);

    private long _skewTicks;

    /// <summary>Signs a request, in place of an earlier signature.</summary>
    /// <returns>Null, or why it may not be sent.</returns>
    public async ValueTask<HttpFault?> SignAsync(OutgoingRequest request, CancellationToken cancellationToken)
    {
        var (key, fault) = await keys(cancellationToken).ConfigureAwait(false);
        if (key is null)
            return fault;
        var headers = request.Headers;
        var now = time.GetUtcNow() + TimeSpan.FromTicks(Volatile.Read(ref _skewTicks));
        var hash = Convert.ToHexStringLower(SHA256.HashData((request.Body ?? default).Span));
        headers.SetGenerated(DateHeader, now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        headers.SetGenerated(HashHeader, hash);
        if (key.Token.Length > 0)
            headers.SetCredential(TokenHeader, key.Token);

        var signed = SignedHeaders(request);
        var result = AWS4Signer.ComputeSignature(
            new ImmutableCredentials(key.Id, key.Secret, key.Token.Length > 0 ? key.Token : null),
            region,
            now.UtcDateTime,
            service,
            AwsCanonicalRequest.NamesOf(signed),
            AwsCanonicalRequest.Make(request, signed, service == "s3", hash)
        );
        return headers.SetCredential(Authorization, result.ForAuthorizationHeader);
    }

    /// <summary>Whether an answer says that the clocks differ by more than AWS takes, which is corrected: the request is worth
    /// another try.</summary>
    public bool LearnTime(HttpReply reply)
    {
        if (
            reply.StatusCode is not (400 or 403)
            || !DateTimeOffset.TryParse(reply.Header("date"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
        )
            return false;
        var skew = date - time.GetUtcNow();
        var known = TimeSpan.FromTicks(Volatile.Read(ref _skewTicks));
        if ((skew - known).Duration() < MostSkew)
            return false;
        Volatile.Write(ref _skewTicks, skew.Ticks);
        return true;
    }

    /// <summary>Whether an answer says that the session is over.</summary>
    public static bool IsOver(HttpReply reply) =>
        reply is { StatusCode: 400 or 403, Body.Length: < 10_000 } && reply.Body.Span.IndexOf("ExpiredToken"u8) >= 0;

    /// <summary>The host, what says what the body is, and what AWS asks for; what proxies may change is not among them.</summary>
    private static List<KeyValuePair<string, string>> SignedHeaders(OutgoingRequest request)
    {
        var signed = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = request.Uri.Authority };
        foreach (var (given, _) in request.Headers)
        {
            var name = given.ToLowerInvariant();
            if (name.StartsWith("x-amz-", StringComparison.Ordinal) || name == "content-type")
                signed[name] = request.Headers[name]!;
        }
        return [.. signed];
    }
}
