using FlowEngine.Errors;

namespace FlowEngine.Storage;

/// <summary>Shared and immutable: the codes of the storage.</summary>
internal static class StorageErrors
{
    /// <summary>The database does not answer.</summary>
    public static readonly ErrorCode Unavailable = new(
        "storage.unavailable",
        "The database cannot be reached or used right now.",
        "Check that it runs, and the connection string, disk space and permissions; the server goes on by itself once it answers."
    );

    /// <summary>There is no room for what is to be stored.</summary>
    public static readonly ErrorCode Full = new(
        "storage.full",
        "The disk of the database is full.",
        "Make room, or enlarge the disk; the server goes on by itself within "
            + "seconds. Traces take the most: Trace:Retention, Trace:MaxBytes."
    );

    /// <summary>The data folder cannot be kept from others.</summary>
    public static readonly ErrorCode DataFolder = new(
        "storage.data_folder",
        "The data folder cannot be made, or kept from other users of the machine.",
        "Give the server a folder of its own, which its user owns."
    );

    /// <summary>Another server uses the data folder.</summary>
    public static readonly ErrorCode InUse = new(
        "storage.in_use",
        "Another server uses the data folder.",
        "Stop that server, or give each its own --data. Several servers share their runs with --cluster and PostgreSQL."
    );

    /// <summary>The file of the embedded database has broken pages.</summary>
    public static readonly ErrorCode Damaged = new(
        "storage.damaged",
        "The file of the embedded database is damaged.",
        "Stop the server, keep the file, and restore a backup; check the disk. `sqlite3 flowengine.db .recover` reads what is left."
    );

    /// <summary>The database was migrated by a later release.</summary>
    public static readonly ErrorCode Newer = new(
        "storage.newer",
        "The database belongs to a later release of the server.",
        "Run that release, or restore a backup from before the upgrade."
    );

    /// <summary>A migration failed.</summary>
    public static readonly ErrorCode Migration = new(
        "storage.migration",
        "The schema could not be brought up to date.",
        "Read the message; the failed script left no trace, so the next start tries again."
    );

    /// <summary>The root key is missing or wrong.</summary>
    public static readonly ErrorCode RootKey = new(
        "storage.root_key",
        "The root key is missing, or is not the one that this database was set up with.",
        "Give all nodes the same Storage:RootKey, or restore the file root.key of the data folder from the backup."
    );

    /// <summary>Encrypted data cannot be read.</summary>
    public static readonly ErrorCode Unreadable = new(
        "storage.unreadable",
        "Stored data cannot be decrypted.",
        "It was damaged, or its key is gone from the key ring; restore both from one backup."
    );

    /// <summary>All of them, in the order declared.</summary>
    public static IReadOnlyList<ErrorCode> All => ErrorCatalogue.Of(typeof(StorageErrors));
}
