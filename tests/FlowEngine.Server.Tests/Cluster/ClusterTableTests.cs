using System.Net;
using FlowEngine.AspNetCore.Runs.Cluster;
using FlowEngine.Server.Tests.Storage;
using FlowEngine.TestServers;
using Orleans;
using Orleans.Runtime;

namespace FlowEngine.Server.Tests.Cluster;

/// <summary>What Orleans asks of a membership table: whoever changes it must have seen the version before.</summary>
public sealed class ClusterTableTests(PostgresFixture postgres) : IAsyncLifetime
{
    private TestStorage _test = null!;
    private ClusterTable _table = null!;

    public async ValueTask InitializeAsync()
    {
        _test = await TestStorage.CreateAsync(StoreEngine.Postgres, postgres);
        _table = new ClusterTable(_test.Storage.Database);
        await _table.InitializeMembershipTable(true);
    }

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task Insert_ThenRead_GivesWhatWasWritten()
    {
        var entry = Entry(1);
        entry.AddSuspector(Entry(2).SiloAddress, entry.StartTime.AddSeconds(5));
        entry.AddSuspector(Entry(3).SiloAddress, entry.StartTime.AddSeconds(6));
        Assert.Empty((await _table.ReadAll()).Members);

        Assert.True(await _table.InsertRow(entry, (await _table.ReadAll()).Version.Next()));

        var (found, _) = Assert.Single((await _table.ReadAll()).Members);
        Assert.Equal(
            (entry.SiloAddress, entry.Status, entry.SiloName, entry.HostName, entry.StartTime, entry.IAmAliveTime),
            (found.SiloAddress, found.Status, found.SiloName, found.HostName, found.StartTime, found.IAmAliveTime)
        );
        Assert.Equal(entry.SuspectTimes, found.SuspectTimes);
        Assert.Equal(DateTimeKind.Utc, found.IAmAliveTime.Kind);
        Assert.Single((await _table.ReadRow(entry.SiloAddress)).Members);
        Assert.Empty((await _table.ReadRow(Entry(9).SiloAddress)).Members);
        Assert.Equal(1, (await _table.ReadRow(Entry(9).SiloAddress)).Version.Version);
    }

    [Fact]
    public async Task Change_OfAVersionThatIsNotTheLast_IsRefusedAsAWhole()
    {
        var old = (await _table.ReadAll()).Version;
        Assert.True(await _table.InsertRow(Entry(1), old.Next()));

        Assert.False(await _table.InsertRow(Entry(2), old.Next()));
        var now = await _table.ReadAll();
        Assert.False(await _table.InsertRow(Entry(1), now.Version.Next()));
        var (entry, etag) = Assert.Single(now.Members);
        entry.Status = SiloStatus.Active;
        Assert.False(await _table.UpdateRow(entry, etag, old.Next()));
        Assert.False(await _table.UpdateRow(entry, "99", now.Version.Next()));
        Assert.False(await _table.UpdateRow(Entry(7), etag, now.Version.Next()));
        Assert.Equal(now.Version, (await _table.ReadAll()).Version);

        Assert.True(await _table.UpdateRow(entry, etag, now.Version.Next()));
        var after = await _table.ReadAll();
        Assert.Equal(now.Version.Version + 1, after.Version.Version);
        Assert.Equal(SiloStatus.Active, after.Members[0].Item1.Status);
        Assert.NotEqual(etag, after.Members[0].Item2);
    }

    [Fact]
    public async Task Insert_ByManyAtOnce_LosesNone()
    {
        await Task.WhenAll(
            Enumerable
                .Range(1, 12)
                .Select(i =>
                    Task.Run(async () =>
                    {
                        while (!await _table.InsertRow(Entry(i), (await _table.ReadAll()).Version.Next()))
                            await Task.Yield();
                    })
                )
        );

        var data = await _table.ReadAll();
        Assert.Equal(12, data.Members.Count);
        Assert.Equal(12, data.Version.Version);
        Assert.Equal(12, data.Members.Select(member => member.Item2).Distinct().Count());
    }

    [Fact]
    public async Task IAmAlive_ChangesTheTimeAndNothingElse_AndOldDeadNodesAreRemoved()
    {
        Assert.True(await _table.InsertRow(Entry(1), (await _table.ReadAll()).Version.Next()));
        var dead = Entry(2);
        dead.Status = SiloStatus.Dead;
        Assert.True(await _table.InsertRow(dead, (await _table.ReadAll()).Version.Next()));
        var before = await _table.ReadAll();
        var alive = Entry(1);
        alive.IAmAliveTime = alive.IAmAliveTime.AddHours(1);

        await _table.UpdateIAmAlive(alive);
        await _table.CleanupDefunctSiloEntries(dead.IAmAliveTime.AddMinutes(1));

        var after = await _table.ReadAll();
        Assert.Equal(before.Version, after.Version);
        var (entry, etag) = Assert.Single(after.Members);
        Assert.Equal(alive.IAmAliveTime, entry.IAmAliveTime);
        Assert.Equal(before.TryGet(alive.SiloAddress)!.Item2, etag);
    }

    private static MembershipEntry Entry(int number) =>
        new()
        {
            SiloAddress = SiloAddress.New(IPAddress.Parse("10.0.0.1"), 11111, number),
            Status = SiloStatus.Joining,
            SiloName = $"node-{number}",
            HostName = "host",
            StartTime = new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc),
            IAmAliveTime = new DateTime(2030, 1, 2, 3, 4, 6, DateTimeKind.Utc),
        };
}
