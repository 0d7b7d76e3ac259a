using FlowEngine.Activities;
using FlowEngine.Context;
using FlowEngine.Errors;
using FlowEngine.Json;

namespace FlowEngine.ElsaFormat;

/// <summary>Reads our own activities, and those of Elsa's that end or branch a flowchart. Stateless.</summary>
internal static class ElsaActivityReader
{
    public static void ReadOwn(ElsaReading reading, FlowValue node, string origin)
    {
        node.TryGetObject(out var members);
        node.Get("type").TryGetText(out var type);
        var isEnd = type == ElsaNames.TypePrefix + "End";
        var custom = node.Get("customProperties");
        var activity = new FlowObjectBuilder(members!.Count);
        activity.Set("id", node.Get("id"));
        activity.Set("type", FlowValue.From(type![ElsaNames.TypePrefix.Length..]));
        if (!node.Get("name").IsNothing)
            activity.Set("name", node.Get("name"));
        if (node.Get("metadata").Get("description") is { Kind: FlowValueKind.String } description)
            activity.Set("description", description);

        var places = new List<(string Setting, string Place, bool IsWhole)>();
        foreach (var (name, input) in members)
        {
            if (name is "id" or "nodeId" or "name" or "type" or "version" or "customProperties" or "metadata")
                continue;
            var place = JsonPointer.At(origin, name);
            if (isEnd && name == ElsaNames.EndName)
            {
                ReadEndName(reading, node, activity, place);
                continue;
            }
            activity.Set(name, ElsaInput.TryRead(reading, input, isOurs: true, place, out var value) ? value : input);
            if (ElsaInput.IsExpression(input))
                places.Add((name, place + "/expression/value", input.Get("expression").Get("value").Kind != value.Kind));
        }
        ReadCustomProperties(custom, activity);
        if (isEnd && custom.Get(ElsaNames.Mark).Get(ElsaNames.EndName) is { IsMissing: false } odd)
            activity.Set(ElsaNames.EndName, odd);

        var pointer = reading.Add(FlowValue.From(activity.Build()), origin, isWhole: false);
        foreach (var (setting, place, isWhole) in places)
            reading.Map(JsonPointer.At(pointer, setting), place, isWhole);
        if (isEnd && ElsaInput.IsExpression(node.Get(ElsaNames.EndName)))
            reading.Map(pointer + "/name", $"{origin}/{ElsaNames.EndName}/expression/value", isWhole: true);
        foreach (var name in new[] { "errorHandling", "metadata", "nodeId", "version" })
            reading.Map($"{pointer}/{name}", $"{origin}/customProperties/{name}", isWhole: false);
    }

    /// <summary>The name of our End; that of the activity, by which it travelled before, when there is no such input.</summary>
    private static void ReadEndName(ElsaReading reading, FlowValue node, FlowObjectBuilder activity, string place)
    {
        if (!ElsaInput.TryRead(reading, node.Get(ElsaNames.EndName), isOurs: true, place, out var value) || value.IsNothing)
            return;
        activity.Set("name", value);
        if (!node.Get("name").IsNothing && node.Get("name") != value)
            reading.Warning(
                ElsaErrors.Setting,
                place,
                $"'{node.Get("id").ToText()}' is the End '{value.ToText()}'; "
                    + $"the name '{node.Get("name").ToText()}' that Elsa shows is not kept.",
                "Give both one name."
            );
    }

    public static void ReadEnd(ElsaReading reading, FlowValue node, string id, string origin)
    {
        reading.Add(
            FlowValue.Object(("id", FlowValue.From(id)), ("type", FlowValue.From("End")), ("metadata", Remainder(node))),
            origin,
            isWhole: true
        );
        reading.SetPorts(id, []);
    }

    /// <summary>FlowDecision: True or False.</summary>
    public static void ReadDecision(ElsaReading reading, FlowValue node, string id, string origin)
    {
        var place = origin + "/condition";
        var rules = Rules(node.Get("condition"), Decide(reading, node.Get("condition"), $"'{id}'", place));
        var branch = FlowValue.Object(("outcome", FlowValue.From("True")), ("rules", rules));
        AddCondition(reading, node, id, [branch], [place], origin, "condition");
        reading.SetPorts(id, new(StringComparer.Ordinal) { ["True"] = (id, "True"), ["False"] = (id, Condition.Else) });
        reading.MayEnd(id, "True", origin);
        reading.MayEnd(id, Condition.Else, origin);
    }

    /// <summary>FlowSwitch: the first case whose condition holds, or Default.</summary>
    public static void ReadSwitch(ElsaReading reading, FlowValue node, string id, string origin)
    {
        var list = node.Get("cases");
        if (ElsaInput.IsExpression(list))
            list = list.Get("expression").Get("value");
        var place = ElsaChart.PlaceOfElements(list, origin + "/cases");
        var cases = ElsaChart.Elements(list);
        var ports = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        var branches = new List<FlowValue>(cases.Count);
        var places = new List<string>(cases.Count);
        var decisions = new List<ElsaDecision?>(cases.Count);
        for (var i = 0; i < cases.Count; i++)
        {
            var label = cases[i].Get("label").ToText();

            // Else is what we call Elsa's Default.
            var outcome = label == Condition.Else ? "Else (case)" : label;
            ports.TryAdd(label, (id, outcome));
            places.Add($"{place}/{i}");
            decisions.Add(Decide(reading, cases[i].Get("condition"), $"the case '{label}' of '{id}'", $"{place}/{i}/condition"));
            branches.Add(FlowValue.Object(("outcome", FlowValue.From(outcome)), ("rules", Rules(cases[i].Get("condition"), decisions[i]))));
            reading.MayEnd(id, outcome, origin);
        }
        if (ElsaDecision.FirstOf(decisions) is { } first)
            branches[0] = FlowValue.Object(("outcome", branches[0].Get("outcome")), ("rules", Rules(cases[0].Get("condition"), first)));
        ports.TryAdd("Default", (id, Condition.Else));
        reading.MayEnd(id, Condition.Else, origin);

        var mode = node.Get("mode");
        mode = ElsaInput.IsExpression(mode) ? mode.Get("expression").Get("value") : mode;
        if (mode.ToText() is "MatchAny" or "1")
            reading.Error(
                ElsaErrors.Setting,
                origin + "/mode",
                $"'{id}' takes every case that matches; here the first one wins.",
                "Rewrite the cases so that one of them matches, and set the mode to MatchFirst."
            );
        AddCondition(reading, node, id, branches, places, origin, "cases", "mode");
        reading.SetPorts(id, ports);
    }

    /// <summary>What Elsa says of a mapped activity beyond what was mapped; missing when that is nothing.</summary>
    public static FlowValue Remainder(FlowValue node, params ReadOnlySpan<string> mapped)
    {
        node.TryGetObject(out var members);
        var kept = new FlowObjectBuilder();
        foreach (var (name, value) in members!)
        {
            if (
                name is not ("id" or "nodeId" or "version")
                && !mapped.Contains(name)
                && !value.IsNothing
                && value != FlowValue.From(FlowObject.Empty)
            )
                kept.Set(name, value);
        }
        return FlowValue.Object((ElsaNames.Kept, FlowValue.From(kept.Build())));
    }

    private static void ReadCustomProperties(FlowValue custom, FlowObjectBuilder activity)
    {
        if (!custom.TryGetObject(out var properties))
            return;

        var foreign = new FlowObjectBuilder();
        foreach (var (name, value) in properties)
        {
            if (ElsaNames.TravelsAsCustomProperty(name) || name is "name" or "description")
                activity.Set(name, value);
            else if (ElsaNames.IsForeignCustomProperty(name, value))
                foreign.Set(name, value);
        }
        if (foreign.Count > 0)
            activity.Set(ElsaNames.Kept, FlowValue.Object(("customProperties", FlowValue.From(foreign.Build()))));
    }

    private static void AddCondition(
        ElsaReading reading,
        FlowValue node,
        string id,
        List<FlowValue> branches,
        List<string> places,
        string origin,
        params ReadOnlySpan<string> mapped
    )
    {
        var activity = FlowValue.Object(
            ("id", FlowValue.From(id)),
            ("type", FlowValue.From("Condition")),
            ("branches", FlowValue.Array(branches)),
            ("metadata", Remainder(node, mapped))
        );
        var pointer = reading.Add(activity, origin, isWhole: true);
        for (var i = 0; i < places.Count; i++)
            reading.Map($"{pointer}/branches/{i}", places[i], isWhole: true);
    }

    /// <summary>A condition as one rule; as the JSON that Elsa wrote, which no rule understands, when it has no equal.</summary>
    private static FlowValue Rules(FlowValue condition, ElsaDecision? decision) =>
        FlowValue.From(
            FlowArray.Of(
                decision is null
                    ? FlowValue.Object((ElsaNames.Kept, condition))
                    : FlowValue.Object(("script", FlowValue.From(decision.Script)))
            )
        );

    /// <summary>What a condition decides; null when it has no equal, which is reported.</summary>
    private static ElsaDecision? Decide(ElsaReading reading, FlowValue condition, string owner, string place)
    {
        var expression = ElsaInput.IsExpression(condition) ? condition.Get("expression") : condition;
        var value = expression.Get("value");
        var type = expression.Get("type").ToText();
        if (type == "JavaScript")
            return Translate(reading, value.ToText(), owner, place);
        if (type == "Literal" && ElsaDecision.OfLiteral(value) is { } holds)
            return new ElsaDecision(holds ? "true" : "false", null, null, MayThrow: false);
        reading.Error(
            ElsaErrors.Expression,
            place,
            $"The condition of {owner} is a {ElsaInput.Shorten(type)} expression.",
            "Write it in JavaScript."
        );
        return null;
    }

    private static ElsaDecision? Translate(ElsaReading reading, string source, string owner, string place)
    {
        if (!ElsaScript.TryTranslate(source, reading.Variables, out var script, out var unknown))
        {
            reading.Error(
                ElsaErrors.Expression,
                place,
                $"The condition of {owner} asks Elsa for {unknown}.",
                "Write the condition with form, client, user, connectors, scripts, claims, flow, device or error."
            );
            return null;
        }

        var decision = ElsaDecision.Of(script);
        if (decision.Problem is not null)
        {
            reading.Error(
                ElsaErrors.Expression,
                place,
                $"The condition of {owner} {decision.Problem}.",
                "Write it as one expression, or return the value."
            );
            return null;
        }
        if (decision.Difference is not null)
            reading.Warning(ElsaErrors.Expression, place, $"The condition of {owner} {decision.Difference}.", "Compare with '== null'.");
        return decision;
    }
}
