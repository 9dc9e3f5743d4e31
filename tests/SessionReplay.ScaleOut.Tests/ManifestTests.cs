using System.Text.RegularExpressions;
using SessionReplay.Testing;
using YamlDotNet.RepresentationModel;
using static SessionReplay.ScaleOut.Tests.Manifests;

namespace SessionReplay.ScaleOut.Tests;

public sealed partial class ManifestTests
{
    private static readonly string[] Roles = ["ingest", "playback", "worker"];

    [Fact]
    public void Environment_EveryVariable_IsASettingThatExists()
    {
        var variables = Variables().ToList();

        Assert.True(variables.Count > 40);
        Assert.All(variables, variable => Assert.True(Settings.Exists(variable.Name), $"{variable.Where}: {variable.Name} is no setting."));
        Assert.All(
            variables.Where(variable => variable.Name.EndsWith("__Provider", StringComparison.Ordinal)),
            variable => Assert.Contains(variable.Value, Settings.Providers(variable.Name)!));
    }

    [Fact]
    public void Kustomization_Resources_AreAllFilesButPatches()
    {
        var kustomization = OfKind("Kustomization").Single();
        var named = Items(kustomization, "resources").Select(item => item.ToString()).Append(Text(kustomization, "patches.0.path")!)
            .Append("kustomization.yaml");

        Assert.Equal(
            Directory.GetFiles(Path.Combine(Folder, "k8s"), "*.yaml").Select(Path.GetFileName).Order(StringComparer.Ordinal),
            named.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Deployments_OnePerRole_RunTheSameImageWithTheirRoleAndProbes()
    {
        var patch = Deployments().Single(deployment => Text(deployment, "metadata.name") == "host");
        var deployments = Deployments().Where(deployment => deployment != patch).ToList();
        var host = At(patch, "spec.template.spec.containers.0");

        Assert.Equal(Roles, deployments.Select(deployment => Text(deployment, "metadata.name")!).Order(StringComparer.Ordinal));
        Assert.Equal("session-replay", Text(host, "image"));
        Assert.Equal("/health/live", Text(host, "livenessProbe.httpGet.path"));
        Assert.Equal("/health/ready", Text(host, "startupProbe.httpGet.path"));
        Assert.True(
            int.Parse(
                Text(patch, "spec.template.spec.terminationGracePeriodSeconds")!, System.Globalization.CultureInfo.InvariantCulture) > 30
                + 5);
        foreach (var deployment in deployments)
        {
            var role = Text(deployment, "metadata.name")!;
            var container = At(deployment, "spec.template.spec.containers.0");
            Assert.Equal(Text(host, "name"), Text(container, "name"));
            Assert.Equal("SessionReplay__Roles", Text(container, "env.0.name"));
            Assert.Equal(role, Text(container, "env.0.value"), ignoreCase: true);
            Assert.StartsWith("/health/", Text(container, "readinessProbe.httpGet.path"), StringComparison.Ordinal);
            Assert.Equal(Pairs(At(deployment, "spec.selector.matchLabels")), Pairs(At(deployment, "spec.template.metadata.labels")));
        }
    }

    [Fact]
    public void References_ToDeploymentsServicesAndSecrets_ArePresent()
    {
        var labels = Deployments().Select(deployment => Pairs(At(deployment, "spec.template.metadata.labels")).ToHashSet()).ToList();
        foreach (var selector in OfKind("Service").Select(service => At(service, "spec.selector"))
            .Concat(OfKind("PodDisruptionBudget").Concat(OfKind("PodMonitor")).Select(other => At(other, "spec.selector.matchLabels"))))
        {
            Assert.Contains(labels, pod => pod.IsSupersetOf(Pairs(selector)));
        }

        foreach (var scaler in OfKind("ScaledObject").Concat(OfKind("HorizontalPodAutoscaler")))
        {
            Assert.Contains(Text(scaler, "spec.scaleTargetRef.name"), Roles);
        }

        var services = OfKind("Service").Select(service => Text(service, "metadata.name")).ToList();
        Assert.All(
            Items(OfKind("Ingress").Single(), "spec.rules.0.http.paths"),
            path => Assert.Contains(Text(path, "backend.service.name"), services));
        var made = Items(OfKind("Kustomization").Single(), "secretGenerator").Select(secret => Text(secret, "name"));
        Assert.Equal(["session-replay-key-ring", "session-replay-settings"], made.Order(StringComparer.Ordinal));
    }

    /// <summary>A query for a metric that nobody exports would never scale anything.</summary>
    [Fact]
    public void Scaling_EveryMetricInAQuery_IsAnInstrumentOfTheCode()
    {
        var code = string.Concat(
            Directory.GetFiles(Repository.File("src"), "Telemetry*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        var instruments = Instrument().Matches(code).Select(match => match.Groups[1].Value.Replace('.', '_')).ToHashSet();
        var queries = OfKind("ScaledObject").SelectMany(scaler => Items(scaler, "spec.triggers"))
            .Select(trigger => Text(trigger, "metadata.query")!).ToList();

        Assert.Equal(2, queries.Count);
        Assert.All(
            queries, query => Assert.Contains(Metric().Match(query).Value.Replace("_seconds", "", StringComparison.Ordinal), instruments));
    }

    [Fact]
    public void Compose_Services_RunTwoIngestTwoWorkersAndOnePlayback()
    {
        var services = (YamlMappingNode)At(Compose, "services")!;
        var roles = services.Children.Values
            .SelectMany(
                service =>
                    Pairs(At(service, "environment")).Where(pair => pair.Name == "SessionReplay__Roles")
                        .Select(pair => (pair.Value, Text(service, "deploy.replicas") ?? "1")));

        Assert.Equal([("Ingest", "2"), ("Playback", "1"), ("Worker", "2")], roles.Order());
    }

    private static IEnumerable<YamlMappingNode> Deployments() => OfKind("Deployment");

    private static IEnumerable<(string Where, string Name, string Value)> Variables()
    {
        foreach (var map in OfKind("ConfigMap"))
        {
            foreach (var (name, value) in Pairs(At(map, "data")))
            {
                yield return ("ConfigMap", name, value);
            }
        }

        foreach (var variable in Deployments().SelectMany(deployment => Items(deployment, "spec.template.spec.containers.0.env")))
        {
            yield return ("Deployment", Text(variable, "name")!, Text(variable, "value")!);
        }

        foreach (var line in File.ReadLines(Path.Combine(Folder, "k8s", "secrets", "settings.env.example")))
        {
            yield return ("settings.env.example", line[..line.IndexOf('=')], line[(line.IndexOf('=') + 1)..]);
        }

        // Only of our own services: the others' variables are theirs.
        foreach (var service in ((YamlMappingNode)At(Compose, "services")!).Children.Values
            .Where(service => Pairs(service).Contains(("image", "session-replay"))))
        {
            foreach (var (name, value) in Pairs(At(service, "environment")))
            {
                yield return ("compose.yaml", name, value);
            }
        }
    }

    [GeneratedRegex("\"(sessionreplay\\.[a-z._]+)\"")]
    private static partial Regex Instrument();

    [GeneratedRegex("sessionreplay_[a-z_]+")]
    private static partial Regex Metric();
}
