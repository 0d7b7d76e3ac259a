using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Connectors;

/// <summary>Shared and immutable: a request as it is sent, told apart from every other: method, URL, all headers and body. It is a digest,
/// so that nothing of a token or of a person is kept by it.</summary>
internal readonly record struct RequestKey(UInt128 First, UInt128 Second)
{
    /// <summary>The key of a request. The connector's own credentials are not in it: they are the same for all of its requests, and
    /// answers are kept by connector.</summary>
    /// <param name="request">The request.</param>
    /// <param name="more">What else tells it apart: what follows from its answer. Default nothing.</param>
    public static RequestKey Of(OutgoingRequest request, string more = "")
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, more);
        Append(hash, request.Method);
        Append(hash, request.Uri.OriginalString);
        foreach (var (name, value) in request.Headers.OrderBy(header => header.Key, StringComparer.OrdinalIgnoreCase))
        {
            Append(hash, name.ToLowerInvariant());
            Append(hash, value);
        }
        hash.AppendData((request.Body ?? default).Span);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return new RequestKey(BinaryPrimitives.ReadUInt128BigEndian(digest), BinaryPrimitives.ReadUInt128BigEndian(digest[16..]));
    }

    /// <summary>With its length before it, so that nothing can be moved from one text into the next.</summary>
    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
