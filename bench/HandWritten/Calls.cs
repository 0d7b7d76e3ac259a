using System.Text.Json;
using Npgsql;

namespace FlowEngine.Bench.HandWritten;

/// <summary>Per process, thread-safe: the people database.</summary>
internal sealed class People(NpgsqlDataSource source)
{
    /// <summary>Who has this address; null for nobody.</summary>
    public async Task<Person?> FindAsync(string email, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select id, tier from users where email = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = email });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new Person(reader.GetString(0), reader.GetString(1)) : null;
    }
}

/// <summary>Per process, thread-safe: the profile API.</summary>
internal sealed class ProfileApi(HttpClient http)
{
    /// <summary>A person's profile, whatever the status.</summary>
    public async Task<Profile> GetAsync(Person person, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"users/{Uri.EscapeDataString(person.Id)}");
        request.Headers.Add("x-user-tier", person.Tier);
        using var answer = await http.SendAsync(request, cancellationToken);
        var body = JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        var headers = answer
            .Headers.Concat(answer.Content.Headers)
            .ToDictionary(header => header.Key.ToLowerInvariant(), header => string.Join(", ", header.Value));
        return new Profile((int)answer.StatusCode, body, headers);
    }
}
