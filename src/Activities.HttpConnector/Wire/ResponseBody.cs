using System.Buffers;
using FlowEngine.HttpConnector.Connectors;

namespace FlowEngine.HttpConnector.Wire;

/// <summary>Per process, thread-safe. Reads an answer's body, decompressed, up to a limit.</summary>
internal static class ResponseBody
{
    private const int FirstBuffer = 16 * 1024;

    /// <returns>The bytes, or null when there are more than the limit; no more than that is ever held.</returns>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(
        HttpContent content,
        IReadOnlyList<string> codings,
        int limit,
        CancellationToken cancellationToken
    )
    {
        if (codings.Count == 0 && content.Headers.ContentLength is { } announced)
        {
            if (announced > limit)
                return null;
            if (announced == 0)
                return ReadOnlyMemory<byte>.Empty;
        }

        var body = await ContentCodings
            .DecodeAsync(await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), codings, cancellationToken)
            .ConfigureAwait(false);
        await using var bodyCloses = body.ConfigureAwait(false);
        // One byte more than the limit tells "exactly at the limit" from "over it".
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(FirstBuffer, limit + 1));
        try
        {
            var length = 0;
            while (true)
            {
                if (length == buffer.Length)
                    Grow(ref buffer, length, limit);
                var room = Math.Min(buffer.Length, limit + 1) - length;
                var count = await body.ReadAsync(buffer.AsMemory(length, room), cancellationToken).ConfigureAwait(false);
                if (count == 0)
                    return buffer.AsSpan(0, length).ToArray();
                length += count;
                if (length > limit)
                    return null;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Grow(ref byte[] buffer, int length, int limit)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * length, limit + 1L));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
