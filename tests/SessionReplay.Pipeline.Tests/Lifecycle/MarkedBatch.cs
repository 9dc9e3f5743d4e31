using SessionReplay.Wire;

namespace SessionReplay.Pipeline.Tests.Lifecycle;

/// <summary>Batches with a word in every field that can be looked for in files.</summary>
internal static class MarkedBatch
{
    /// <summary>The word that is in all of them.</summary>
    public const string Marker = "zqmarkerzq";

    public static EventBatch Create(SessionId session, WindowId window, uint seq)
    {
        var batch = BatchSamples.CreateFull().In(session, window);
        batch.Seq = seq;
        batch.Page.Url = $"https://shop.example/{Marker}/page?{Marker}={Marker}#{Marker}";
        batch.Page.Title = Marker;
        batch.Page.Referrer = $"https://{Marker}.example/";
        batch.Page.AppVersion = Marker;
        foreach (var item in batch.Events)
        {
            _ = item.BodyCase switch
            {
                Event.BodyOneofCase.Console => item.Console.Args[0] = Marker,
                Event.BodyOneofCase.Network => item.Network.Url = $"https://shop.example/{Marker}/api",
                Event.BodyOneofCase.Navigation => item.Navigation.Url = item.Navigation.Title = $"https://shop.example/{Marker}/next",
                Event.BodyOneofCase.Error => item.Error.Message = item.Error.Name = item.Error.Stack = Marker,
                Event.BodyOneofCase.Custom => item.Custom.Name = item.Custom.PropertiesJson = $"\"{Marker}\"",
                Event.BodyOneofCase.Identify => item.Identify.UserId = item.Identify.Name = Marker,
                Event.BodyOneofCase.Interaction => item.Interaction.Target = Marker,
                Event.BodyOneofCase.Server => item.Server.Message = Marker,
                _ => string.Empty,
            };
            if (item.Identify is { } user)
            {
                user.Email = $"ann@{Marker}.example";
                user.TraitsJson = $"{{\"{Marker}\":\"{Marker}\"}}";
            }
        }

        batch.AddDom((BatchSamples.Time + 40, $"{{\"text\":\"{Marker}\"}}"));
        return batch;
    }

    public static EventBatch Naming(this EventBatch batch, string asset)
    {
        batch.AddDom((BatchSamples.Time + 41, $"{{\"text\":\"sr-asset:{asset}\"}}"));
        return batch;
    }
}
