namespace FlowEngine.Storage;

/// <summary>
/// Per process, thread-safe: whether there is room for what is to be stored. Once a write found the disk full, nothing is begun that
/// would have to be stored: a run would call
/// others and could not keep what they said, and each repeat would call them again. <see cref="RoomWatch"/> finds out when there is room
/// again.
/// </summary>
internal sealed class StorageRoom
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _filled = NewSignal();
    private volatile StorageException? _full;

    /// <summary>Whether the disk is full.</summary>
    public bool IsFull => _full is not null;

    /// <summary>A write found the disk full.</summary>
    /// <param name="message">Where, and who says so.</param>
    /// <param name="inner">The driver's exception.</param>
    /// <returns>What to tell whoever wanted to write.</returns>
    public StorageException Fill(string message, Exception inner)
    {
        var full = new StorageException(StorageErrors.Full, message, inner);
        lock (_lock)
        {
            _full = full;
            _filled.TrySetResult();
        }
        return full;
    }

    /// <summary>A write went through that needed room.</summary>
    public void Empty()
    {
        lock (_lock)
        {
            if (_full is null)
                return;
            _full = null;
            _filled = NewSignal();
        }
    }

    /// <summary>Throws when the disk is full. Costs a look.</summary>
    /// <exception cref="StorageException">It is.</exception>
    public void Ensure()
    {
        if (_full is { } full)
            throw new StorageException(StorageErrors.Full, "Nothing is begun that could not be stored.", full);
    }

    /// <summary>Waits until the disk is full.</summary>
    public Task WaitUntilFullAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return _filled.Task.WaitAsync(cancellationToken);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
