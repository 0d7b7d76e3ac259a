using FlowEngine.Context;
using FlowEngine.Diff;
using FlowEngine.Tests.Compilation;

namespace FlowEngine.Tests.Diff;

public sealed class FlowDiffTests
{
    private const string Flow = """
        { "id": "login", "name": "Sign in", "start": "a",
          "activities": [
            { "id": "a", "type": "Screen", "screen": "s" },
            { "id": "b", "type": "GenericHttp", "name": "Profile", "method": "GET", "headers": { "x-tier": "1", "x.y": "2" },
              "retry": { "on": ["429"] } },
            { "id": "p", "type": "Parallel", "activities": [ { "id": "one", "type": "Scriptlet", "code": "1" },
              { "id": "two", "type": "Scriptlet", "code": "2" } ] } ],
          "connections": [ { "source": "a", "port": "submit", "target": "b" }, { "source": "b", "port": "Success", "target": "p" } ],
          "screens": [ { "id": "s", "title": "Hello", "components": [
            { "type": "Text", "text": "one" }, { "type": "EmailInput", "name": "email" }, { "type": "Text", "text": "two" },
              { "type": "Button", "id": "submit" } ] } ],
          "tokens": { "sessionMinutes": 10 },
          "designer": { "a": { "x": 0, "y": 0 } } }
        """;

    /// <summary>A replacement in the flow above, and the changes it makes, one a line.</summary>
    public static readonly TheoryData<string, string, string> Edits = new()
    {
        { "\"x\": 0", "\"x\": 500", "" },
        {
            "\"name\": \"Sign in\"",
            "\"name\": \"Login\"",
            """{"change":"changed","kind":"flow","id":"login","setting":"name","before":"Sign in","after":"Login"}"""
        },
        {
            "\"sessionMinutes\": 10",
            "\"sessionMinutes\": 5",
            """{"change":"changed","kind":"flow","id":"login","setting":"tokens.sessionMinutes","before":10,"after":5}"""
        },
        { ", \"name\": \"Sign in\"", "", """{"change":"removed","kind":"flow","id":"login","setting":"name","before":"Sign in"}""" },
        {
            "\"method\": \"GET\"",
            "\"method\": \"POST\"",
            """{"change":"changed","kind":"setting","of":"activity","id":"b","name":"Profile","setting":"method","before":"GET","after":"POST"}"""
        },
        {
            "\"x-tier\": \"1\"",
            "\"x-user-tier\": \"1\"",
            """
                {"change":"removed","kind":"setting","of":"activity","id":"b","name":"Profile","setting":"headers.x-tier","before":"1"}
                {"change":"added","kind":"setting","of":"activity","id":"b","name":"Profile","setting":"headers.x-user-tier","after":"1"}
                """
        },
        {
            "\"x.y\": \"2\"",
            "\"x.y\": \"3\"",
            """{"change":"changed","kind":"setting","of":"activity","id":"b","name":"Profile","setting":"headers[\"x.y\"]","before":"2","after":"3"}"""
        },
        {
            "[\"429\"]",
            "[\"429\", \"5xx\"]",
            """{"change":"changed","kind":"setting","of":"activity","id":"b","name":"Profile","setting":"retry.on","before":"""
                + """["429"],"after":["429","5xx"]}"""
        },
        {
            "\"code\": \"2\"",
            "\"code\": \"3\"",
            """{"change":"changed","kind":"setting","of":"activity","id":"p","setting":"activities.two.code","before":"2","after":"3"}"""
        },
        {
            "{ \"id\": \"a\", \"type\": \"Screen\", \"screen\": \"s\" },",
            "",
            """{"change":"removed","kind":"activity","id":"a","before":{"id":"a","type":"Screen","screen":"s"}}"""
        },
        {
            "\"target\": \"p\"",
            "\"target\": \"a\"",
            """{"change":"changed","kind":"connection","id":"b","setting":"Success","before":"p","after":"a"}"""
        },
        {
            "\"port\": \"Success\"",
            "\"port\": \"Connector Execution\"",
            """
                {"change":"removed","kind":"connection","id":"b","setting":"Success","before":"p"}
                {"change":"added","kind":"connection","id":"b","setting":"Connector Execution","after":"p"}
                """
        },
        {
            "\"port\": \"submit\",",
            "\"port\": \"submit\", \"message\": \"Wait.\",",
            """{"change":"added","kind":"setting","of":"connection","id":"a","name":"submit","setting":"message","after":"Wait."}"""
        },
        {
            "\"port\": \"submit\",",
            "\"port\": \"submit\", \"note\": 1,",
            """{"change":"changed","kind":"connection","id":"a","setting":"submit","before":{"source":"a","port":"submit","target":"b"}"""
                + ""","after":{"source":"a","port":"submit","note":1,"target":"b"}}"""
        },
        {
            "\"port\": \"submit\", \"target\": \"b\"",
            "\"port\": \"submit\", \"message\": \"Wait.\", \"target\": \"a\"",
            """
                {"change":"changed","kind":"connection","id":"a","setting":"submit","before":"b","after":"a"}
                {"change":"added","kind":"setting","of":"connection","id":"a","name":"submit","setting":"message","after":"Wait."}
                """
        },
        {
            "\"title\": \"Hello\"",
            "\"title\": \"Welcome\"",
            """
                {"change":"changed","kind":"screen","id":"s","name":"Welcome"}
                {"change":"changed","kind":"setting","of":"screen","id":"s","name":"Welcome","setting":"title","before":"Hello","after":"Welcome"}
                """
        },
        {
            "\"text\": \"two\"",
            "\"text\": \"three\"",
            """
                {"change":"changed","kind":"screen","id":"s","name":"Hello"}
                {"change":"changed","kind":"component","id":"s","name":"Hello","setting":"components[2].text","before":"two","after":"three"}
                """
        },
        {
            "{ \"type\": \"Text\", \"text\": \"one\" }, ",
            "",
            """
                {"change":"changed","kind":"screen","id":"s","name":"Hello"}
                {"change":"removed","kind":"component","id":"s","name":"Hello","setting":"components[0]","before":{"type":"Text","text":"one"}}
                """
        },
        {
            "{ \"type\": \"Button\", \"id\": \"submit\" }",
            "{ \"type\": \"Button\", \"id\": \"submit\" }, { \"type\": \"Divider\" }",
            """
                {"change":"changed","kind":"screen","id":"s","name":"Hello"}
                {"change":"added","kind":"component","id":"s","name":"Hello","setting":"components[4]","after":{"type":"Divider"}}
                """
        },
        {
            "{ \"type\": \"Text\", \"text\": \"one\" }, { \"type\": \"EmailInput\", \"name\": \"email\" }",
            "{ \"type\": \"EmailInput\", \"name\": \"email\" }, { \"type\": \"Text\", \"text\": \"one\" }",
            """
                {"change":"changed","kind":"screen","id":"s","name":"Hello"}
                {"change":"changed","kind":"component","id":"s","name":"Hello","setting":"components[0].position","before":2,"after":1}
                """
        },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public void Between_AnEdit_TellsWhatAPersonWouldTell(string before, string after, string expected)
    {
        Assert.Contains(before, Flow, StringComparison.Ordinal);
        var changes = FlowDiff.Between(FlowValue.Parse(Flow), FlowValue.Parse(Flow.Replace(before, after, StringComparison.Ordinal)));

        Assert.Equal(
            expected.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
            changes.Select(change => change.ToValue().ToJson())
        );
    }

    [Fact]
    public void Between_AnotherOrderOfActivitiesConnectionsAndMembers_IsEmpty()
    {
        var flow = FlowValue.Parse(Flow);
        flow.TryGetObject(out var json);
        foreach (var member in new[] { "activities", "connections" })
        {
            json!.Get(member).TryGetArray(out var items);
            json = json.With(member, FlowValue.From(FlowArray.From(items!.Reverse())));
        }

        Assert.Empty(FlowDiff.Between(flow, FlowValue.From(json!)));
    }

    /// <summary>Whatever two documents are: none changed is none told, one
    /// that changed is, and there and back are each other's mirror.</summary>
    [Fact]
    public void Between_AnyTwoDocuments_IsEmptyOnlyWhereTheyMeanTheSame()
    {
        var different = 0;
        for (var seed = 0; seed < 2000; seed++)
        {
            var mutator = new Mutator(seed);
            var flow = mutator.Pick([.. Corpus.Flows.Values]);
            var edited = mutator.Mutate(flow);

            Assert.Empty(FlowDiff.Between(edited, edited));
            var there = FlowDiff.Between(flow, edited);
            var back = FlowDiff.Between(edited, flow);
            if (edited.Kind != FlowValueKind.Object)
                continue;
            if (there.Count == 0)
                Assert.True(Plain(flow) == Plain(edited), $"seed {seed}: {flow} {edited}");
            else
                different++;
            Assert.Equal(there.Count == 0, back.Count == 0);
            Assert.Equal(
                there.Count(change => change.Change == ChangeKind.Added),
                back.Count(change => change.Change == ChangeKind.Removed)
            );
        }
        Assert.True(different > 1000, $"Only {different} documents differed.");
    }

    /// <summary>What a diff looks at, in an order of its own.</summary>
    private static FlowValue Plain(FlowValue flow)
    {
        var plain = new FlowObjectBuilder();
        flow.TryGetObject(out var json);
        foreach (var (name, value) in json!.Where(member => member.Key is not ("$schema" or "designer")))
            plain.Set(name, name is "activities" or "connections" or "screens" && value.TryGetArray(out var items) ? Sorted(items) : value);
        return FlowValue.From(plain.Build());
    }

    private static FlowValue Sorted(FlowArray items) =>
        FlowValue.From(
            FlowArray.From(
                items
                    .OrderBy(Sortable, StringComparer.Ordinal)
                    .Select(item =>
                        item.TryGetObject(out var activity) && activity.Get("activities").TryGetArray(out var inner)
                            ? FlowValue.From(activity.With("activities", Sorted(inner)))
                            : item
                    )
            )
        );

    /// <summary>Members in the order of their names: objects that differ in order alone are equal.</summary>
    private static string Sortable(FlowValue value)
    {
        if (value.TryGetArray(out var items))
            return $"[{string.Join(',', items.Select(Sortable))}]";
        if (!value.TryGetObject(out var members))
            return value.ToJson();
        var ordered = members
            .OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => $"{member.Key}:{Sortable(member.Value)}");
        return "{" + string.Join(',', ordered) + "}";
    }
}
