using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Connectors;

/// <summary>Per connector, thread-safe: answers that may be used again, in memory alone. It holds a bounded number of them and of their
/// bytes; what was not used for longest goes first. It ends with its connector, and so with the credentials that the answers were got
/// by.</summary>
/// <param name="time">The clock.</param>
internal sealed class AnswerCache(TimeProvider time)
{
    /// <summary>How many answers are kept.</summary>
    public const int MaxAnswers = 1_000;

    /// <summary>How many bytes they may have together, headers included.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<RequestKey, LinkedListNode<CachedAnswer>> _answers = [];

    /// <summary>The answers, the last used first.</summary>
    private readonly LinkedList<CachedAnswer> _byUse = [];
    private long _bytes;

    /// <summary>How many answers there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _answers.Count;
        }
    }

    /// <summary>How long ago an answer came.</summary>
    public TimeSpan AgeOf(CachedAnswer answer) => time.GetElapsedTime(answer.At);

    /// <summary>The answer to a request; null when there is none, or none that anybody may still use.</summary>
    public CachedAnswer? Find(RequestKey key)
    {
        lock (_lock)
        {
            if (!_answers.TryGetValue(key, out var node))
                return null;
            if (AgeOf(node.Value) >= node.Value.Lifetime)
            {
                Remove(node);
                return null;
            }
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value;
        }
    }

    /// <summary>Keeps an answer, in place of an earlier one.</summary>
    /// <param name="key">The request.</param>
    /// <param name="replies">The answer, with the pages behind it.</param>
    /// <param name="lifetime">How long anybody may use it, for whatever reason.</param>
    public void Keep(RequestKey key, IReadOnlyList<HttpReply> replies, TimeSpan lifetime)
    {
        var answer = new CachedAnswer(key, replies, time.GetTimestamp(), lifetime);
        lock (_lock)
        {
            if (_answers.TryGetValue(key, out var earlier))
                Remove(earlier);
            if (answer.Bytes > MaxBytes)
                return;
            _answers.Add(key, _byUse.AddFirst(answer));
            _bytes += answer.Bytes;
            while (_bytes > MaxBytes || _answers.Count > MaxAnswers)
                Remove(_byUse.Last!);
        }
    }

    /// <summary>Forgets the answer to a request: it is not true any more.</summary>
    public void Forget(RequestKey key)
    {
        lock (_lock)
        {
            if (_answers.TryGetValue(key, out var node))
                Remove(node);
        }
    }

    private void Remove(LinkedListNode<CachedAnswer> node)
    {
        _answers.Remove(node.Value.Key);
        _byUse.Remove(node);
        _bytes -= node.Value.Bytes;
    }
}

/// <summary>Shared and immutable: an answer that is kept.</summary>
/// <param name="Key">The request.</param>
/// <param name="Replies">The answer, and the pages behind it, in their order.</param>
/// <param name="At">When it came, a timestamp of the clock.</param>
/// <param name="Lifetime">How long anybody may use it.</param>
internal sealed record CachedAnswer(RequestKey Key, IReadOnlyList<HttpReply> Replies, long At, TimeSpan Lifetime)
{
    /// <summary>What an answer takes beside its texts and bytes.</summary>
    private const int Overhead = 512;

    /// <summary>About how many bytes it takes.</summary>
    public long Bytes { get; } = Replies.Sum(BytesOf);

    private static long BytesOf(HttpReply reply) =>
        Overhead + reply.Body.Length + reply.Headers.Sum(header => 2L * (header.Key.Length + header.Value.Length));
}
