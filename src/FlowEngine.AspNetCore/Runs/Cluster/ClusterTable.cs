using System.Globalization;
using FlowEngine.Storage;
using FlowEngine.Storage.Engines;
using Orleans.Runtime;

namespace FlowEngine.AspNetCore.Runs.Cluster;

/// <summary>
/// Per process, thread-safe: which nodes there are, kept for Orleans in the database that they share anyway. Every change names the version
/// of the whole table that it saw; of two at once, one is refused and looks again.
/// </summary>
/// <remarks>PostgreSQL only. Each call is one statement, so that what it reads and writes belongs together.</remarks>
internal sealed class ClusterTable(StorageDatabase database) : IMembershipTable
{
    private const string Columns =
        "n.address as Address, n.etag as Etag, n.status as Status, n.name as Name, n.host as Host, n.proxy_port "
        + "as ProxyPort, n.suspicions as Suspicions, n.started_at as StartedAt, n.alive_at as AliveAt";

    /// <inheritdoc/>
    /// <remarks>The migrations made the tables.</remarks>
    public Task InitializeMembershipTable(bool tryInitTableVersion) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task DeleteMembershipTableEntries(string clusterId) =>
        database.WriteAsync("delete from cluster_nodes", null, CancellationToken.None);

    /// <inheritdoc/>
    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) =>
        database.WriteAsync(
            "delete from cluster_nodes where status = @dead and alive_at < @before",
            new { dead = (int)SiloStatus.Dead, before = (UnixTime)beforeDate },
            CancellationToken.None
        );

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadRow(SiloAddress key) =>
        ReadAsync("n.address = @address", new { address = key.ToParsableString() });

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadAll() => ReadAsync("true", null);

    /// <inheritdoc/>
    public async Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) =>
        await database.WriteOnceAsync<int>(
            """
            with moved as (
                update cluster_version set version = @Next where version = @Seen
                  and not exists (select 1 from cluster_nodes where address = @Address) returning version)
            insert into cluster_nodes (address, etag, status, name, host, proxy_port, suspicions, started_at, alive_at)
            select @Address, version, @Status, @Name, @Host, @ProxyPort, @Suspicions, @StartedAt, @AliveAt from moved
            returning 1
            """,
            Row.Of(entry, tableVersion, ""),
            CancellationToken.None
        ) == 1;

    /// <inheritdoc/>
    public async Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) =>
        await database.WriteOnceAsync<int>(
            """
            with moved as (
                update cluster_version set version = @Next where version = @Seen
                  and exists (select 1 from cluster_nodes where address = @Address and etag = @Etag) returning version)
            update cluster_nodes set
                etag = moved.version, status = @Status, name = @Name, host = @Host, proxy_port = @ProxyPort, suspicions = @Suspicions,
                  started_at = @StartedAt, alive_at = @AliveAt
            from moved where address = @Address and etag = @Etag
            returning 1
            """,
            Row.Of(entry, tableVersion, etag),
            CancellationToken.None
        ) == 1;

    /// <inheritdoc/>
    public Task UpdateIAmAlive(MembershipEntry entry) =>
        database.WriteAsync(
            "update cluster_nodes set alive_at = @now where address = @address",
            new { address = entry.SiloAddress.ToParsableString(), now = TimeOf(entry.IAmAliveTime) },
            CancellationToken.None
        );

    private async Task<MembershipTableData> ReadAsync(string condition, object? arguments)
    {
        var rows = await database.ListAsync<Row>(
            $"select v.version as Seen, {Columns} from cluster_version v left join cluster_nodes n on {condition}",
            arguments,
            CancellationToken.None
        );
        var version = rows[0].Seen;
        return new MembershipTableData(
            [
                .. rows.Where(row => row.Address is not null)
                    .Select(row => Tuple.Create(row.ToEntry(), row.Etag.ToString(CultureInfo.InvariantCulture))),
            ],
            new TableVersion(version, version.ToString(CultureInfo.InvariantCulture))
        );
    }

    private static long TimeOf(DateTime time) => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)).ToUnixTimeMilliseconds();

    private static DateTime TimeOf(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime;

    /// <summary>Shared and immutable: a row of the table, with the version that goes with it.</summary>
    private sealed record Row
    {
        public int Seen { get; init; }

        public int Next { get; init; }

        public string? Address { get; init; }

        public int Etag { get; init; }

        public int Status { get; init; }

        public string Name { get; init; } = "";

        public string Host { get; init; } = "";

        public int ProxyPort { get; init; }

        /// <summary>One line for each node that suspects this one: when, and its address.</summary>
        public string Suspicions { get; init; } = "";

        public long StartedAt { get; init; }

        public long AliveAt { get; init; }

        public static Row Of(MembershipEntry entry, TableVersion version, string etag) =>
            new()
            {
                // A version or etag that is none of ours fits nothing.
                Seen = int.TryParse(version.VersionEtag, CultureInfo.InvariantCulture, out var seen) ? seen : -1,
                Next = version.Version,
                Address = entry.SiloAddress.ToParsableString(),
                Etag = int.TryParse(etag, CultureInfo.InvariantCulture, out var known) ? known : -1,
                Status = (int)entry.Status,
                Name = entry.SiloName ?? "",
                Host = entry.HostName ?? "",
                ProxyPort = entry.ProxyPort,
                Suspicions = string.Join(
                    '\n',
                    (entry.SuspectTimes ?? []).Select(vote =>
                        string.Create(CultureInfo.InvariantCulture, $"{TimeOf(vote.Item2)} {vote.Item1.ToParsableString()}")
                    )
                ),
                StartedAt = TimeOf(entry.StartTime),
                AliveAt = TimeOf(entry.IAmAliveTime),
            };

        public MembershipEntry ToEntry() =>
            new()
            {
                SiloAddress = SiloAddress.FromParsableString(Address!),
                Status = (SiloStatus)Status,
                SiloName = Name,
                HostName = Host,
                ProxyPort = ProxyPort,
                SuspectTimes =
                [
                    .. Suspicions
                        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                        .Select(line => line.Split(' ', 2))
                        .Select(vote =>
                            Tuple.Create(SiloAddress.FromParsableString(vote[1]), TimeOf(long.Parse(vote[0], CultureInfo.InvariantCulture)))
                        ),
                ],
                StartTime = TimeOf(StartedAt),
                IAmAliveTime = TimeOf(AliveAt),
            };
    }
}
