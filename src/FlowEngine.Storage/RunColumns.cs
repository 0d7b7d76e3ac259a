using System.ComponentModel;
using System.Data;

namespace FlowEngine.Storage;

/// <summary>Shared and immutable: what is stored of a run and told of it as it is stored. What is loaded, what lists have and what the API
/// answers are made of it: a property here has a line in <see cref="RunColumns"/>, and a migration.</summary>
/// <remarks>
/// Whoever may see the list of runs sees it, also while the run goes on: nothing that it was given or made belongs here. What a property is
/// says its attribute, which the API's document is made of.
/// </remarks>
internal abstract record RunFacts
{
    [Description("When it began.")]
    public required UnixTime CreatedAt { get; init; }

    [Description("When it was last saved.")]
    public UnixTime UpdatedAt { get; init; }

    [Description("When it expires or expired: then its state is removed.")]
    public required UnixTime ExpiresAt { get; init; }
}

/// <summary>
/// Shared and immutable: the columns of <c>runs</c> that saves write. The statements of both databases, for one save and for a group of
/// them, are made of these lines. What makes a save one of its kind, the key, the stamp and the counts of saves, stands in the statements.
/// </summary>
internal static class RunColumns
{
    private static readonly RunColumn[] Lines =
    [
        new RunColumn<string>("flow_id", RunChange.Never, save => save.Run.FlowId),
        new RunColumn<int>("flow_version", RunChange.Never, save => save.Run.FlowVersion),
        new RunColumn<int>("status", RunChange.Replaced, save => (int)save.Run.Status),
        new RunColumn<string>("step_token", RunChange.Replaced, save => save.Run.StepToken),
        new RunColumn<byte[]>("sealed_state", RunChange.Replaced, save => save.State),
        new RunColumn<string>("browser_key_hash", RunChange.Replaced, save => save.Run.BrowserKeyHash),
        new RunColumn<string>("person", RunChange.Replaced, save => save.Person),
        new RunColumn<byte[]>("sealed_person", RunChange.Replaced, save => save.SealedPerson),
        new RunColumn<string>("error_code", RunChange.Replaced, save => save.Run.ErrorCode),
        new RunColumn<long>("created_at", RunChange.Never, save => save.Run.CreatedAt.Milliseconds) { Fact = nameof(RunFacts.CreatedAt) },
        new RunColumn<long>("updated_at", RunChange.Replaced, save => save.Now) { Fact = nameof(RunFacts.UpdatedAt) },
        new RunColumn<long>("expires_at", RunChange.Replaced, save => save.Run.ExpiresAt.Milliseconds)
        {
            Fact = nameof(RunFacts.ExpiresAt),
        },
        new RunColumn<long>("short_ref", RunChange.Never, save => save.ShortReference),
        new RunColumn<long>("worked", RunChange.Added, save => save.Run.Worked),
        new RunColumn<byte[]>("reference_key", RunChange.Kept, save => save.ReferenceKey) { IsRare = true },
        new RunColumn<byte[]>("sealed_reference", RunChange.Kept, save => save.SealedReference) { IsRare = true },
        new RunColumn<byte[]>("email_key", RunChange.Kept, save => save.EmailKey) { IsRare = true },
        new RunColumn<byte[]>("login_key", RunChange.Kept, save => save.LoginKey) { IsRare = true },
        // Never fewer than before. Where no save of a group has any, it does not stand in the statement, and no trigger looks for it.
        new RunColumn<string>("errors", RunChange.Kept, save => save.Run.Errors) { IsRare = true },
        new RunColumn<string>("screen", RunChange.Replaced, save => save.Run.Screen) { IsRare = true },
    ];

    /// <summary>What a new run is stored with.</summary>
    public static IReadOnlyList<RunColumn> All => Lines;

    /// <summary>What a later save writes.</summary>
    public static IReadOnlyList<RunColumn> Changing { get; } = [.. Lines.Where(column => column.Change != RunChange.Never)];

    /// <summary>What of a <c>select</c> reads <see cref="RunFacts"/>.</summary>
    /// <param name="runs">What the statement calls the table.</param>
    public static string Facts(string runs) =>
        string.Join(", ", Lines.Where(column => column.Fact is not null).Select(column => $"{runs}.{column.Name} as {column.Fact}"));
}

/// <summary>What a save makes of a column of a run that is stored already.</summary>
internal enum RunChange
{
    /// <summary>Nothing: it is as the run began.</summary>
    Never,

    /// <summary>It is as the save has it.</summary>
    Replaced,

    /// <summary>It stays when the save has nothing new.</summary>
    Kept,

    /// <summary>It grows by what the save has, once however often the save is sent.</summary>
    Added,
}

/// <summary>Shared and immutable: a column of <c>runs</c>.</summary>
/// <param name="Name">Its name, and that of its parameter.</param>
/// <param name="Change">What a later save makes of it.</param>
internal abstract record RunColumn(string Name, RunChange Change)
{
    /// <summary>The property of <see cref="RunFacts"/> that it is read into; null (the default) for none.</summary>
    public string? Fact { get; init; }

    /// <summary>Whether few saves have a value for it: a group without any leaves it out, because each array costs something, here and
    /// there. Default false.</summary>
    public bool IsRare { get; init; }

    /// <summary>Its type, which a parameter has also where the value is null.</summary>
    public abstract DbType Type { get; }

    /// <summary>What an update sets it to.</summary>
    /// <param name="given">The expression for what the save has; null for a group in which no save has anything.</param>
    /// <param name="stamp">The expression for the save's own stamp.</param>
    /// <returns>The assignment; null for none.</returns>
    public string? SetTo(string? given, string stamp) =>
        Change switch
        {
            RunChange.Kept when given is null => null,
            RunChange.Kept => $"{Name} = coalesce({given}, runs.{Name})",
            RunChange.Added => $"{Name} = case when runs.stamp = {stamp} then runs.{Name} else coalesce(runs.{Name}, 0) + {given} end",
            _ => $"{Name} = {given ?? "null"}",
        };

    /// <summary>What a save has for it.</summary>
    public abstract object? ValueOf(RunSave save);

    /// <summary>What saves have for it, as an array of its type.</summary>
    public abstract Array ValuesOf(RunSave[] saves);

    /// <summary>Whether any of these saves has a value for it.</summary>
    public abstract bool IsIn(RunSave[] saves);
}

/// <summary>Shared and immutable: a column of a type: a text, bytes or a number.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Change">What a later save makes of it.</param>
/// <param name="Value">What a save has for it.</param>
internal sealed record RunColumn<T>(string Name, RunChange Change, Func<RunSave, T?> Value) : RunColumn(Name, Change)
{
    public override DbType Type { get; } =
        typeof(T) == typeof(string) ? DbType.String
        : typeof(T) == typeof(byte[]) ? DbType.Binary
        : typeof(T) == typeof(int) ? DbType.Int32
        : DbType.Int64;

    public override object? ValueOf(RunSave save) => Value(save);

    public override Array ValuesOf(RunSave[] saves) => Array.ConvertAll(saves, save => Value(save));

    public override bool IsIn(RunSave[] saves) => Array.Exists(saves, save => Value(save) is not null);
}
