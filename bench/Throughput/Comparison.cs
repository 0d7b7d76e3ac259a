namespace FlowEngine.Bench.Throughput;

/// <summary>Stateless: starts everything, lets the contenders take their turns, and prints one table.</summary>
internal static class Comparison
{
    private static readonly TimeSpan FirstLogin = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan WarmUpTime = TimeSpan.FromMinutes(2);

    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(Settings settings)
    {
        var folder = Directory.CreateTempSubdirectory("flowengine-throughput-").FullName;
        var contenders = new List<Contender>();
        await using var databases = await Databases.StartAsync();
        await using var upstream = await Contender.UpstreamAsync();
        try
        {
            foreach (var name in settings.Contenders)
            {
                contenders.Add(await StartAsync(name, $"contender{contenders.Count}", folder, databases, upstream.Address, settings));
                await LoginLoad.AwaitFirstAsync(contenders[^1].Address, FirstLogin);
                await LoginLoad.RunAsync(contenders[^1].Address, settings.Connections, WarmUpTime, settings.WarmUp);
            }

            var results = contenders.Select(contender => new ResultRow(contender.Name)).ToArray();
            for (var round = 0; round < settings.Rounds; round++)
            {
                // Another begins each round: what a turn leaves behind, in PostgreSQL above all, is paid by the one that comes next.
                for (var turn = 0; turn < results.Length; turn++)
                {
                    var next = (round + turn) % results.Length;
                    results[next].Add(await MeasureAsync(contenders[next], databases, upstream, settings));
                }
            }
            ResultTable.Write(Console.Out, settings, results);
            return 0;
        }
        finally
        {
            foreach (var contender in contenders)
                await contender.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Contender> StartAsync(
        string name,
        string database,
        string parent,
        Databases databases,
        Uri upstream,
        Settings settings
    )
    {
        var folder = Directory.CreateDirectory(Path.Combine(parent, database)).FullName;
        var environment = name.Split('@')
            .Skip(1)
            .Select(variable => variable.Split('=', 2))
            .ToDictionary(variable => variable[0], variable => variable[1]);
        var people = databases.ConnectionTo("people");
        switch (name.Split('@')[0])
        {
            case "engine":
                return await Contender.EngineAsync(name, folder, await databases.CreateAsync(database), people, upstream, environment);
            case "sqlite":
                return await Contender.EngineAsync(name, folder, null, people, upstream, environment);
            case "handwritten":
                return await Contender.HandWrittenAsync(folder, await databases.CreateAsync(database), people, upstream);
            case "node-red":
                return await Contender.NodeRedAsync(folder, people, upstream);
            case "stored":
                var contender = await Contender.EngineAsync(
                    name,
                    folder,
                    await databases.CreateAsync(database),
                    people,
                    upstream,
                    environment
                );
                // What is multiplied was stored by the server itself.
                await LoginLoad.RunAsync(contender.Address, settings.Connections, TimeSpan.FromMinutes(1), most: 500);
                await databases.FillAsync(database, settings.Stored);
                return contender;
            default:
                throw new ArgumentException($"There is no contender {name}.");
        }
    }

    private static async Task<Measurement> MeasureAsync(Contender contender, Databases databases, Contender upstream, Settings settings)
    {
        var before = Used();
        var turn = await LoginLoad.RunAsync(contender.Address, settings.Connections, settings.Turn);
        var after = Used();
        return new Measurement(
            turn,
            after.Server - before.Server,
            after.Postgres - before.Postgres,
            after.Others - before.Others,
            ProcessUsage.ResidentMegabytes(contender.ProcessId)
        );

        // The load is this process itself; all the others are its children.
        (double Server, double Postgres, double Others) Used() =>
            (
                ProcessUsage.CpuSeconds(contender.ProcessId),
                ProcessUsage.CpuSeconds(databases.ProcessId),
                ProcessUsage.CpuSeconds(upstream.ProcessId) + Environment.CpuUsage.TotalTime.TotalSeconds
            );
    }
}
