using System.Globalization;
using SessionReplay.Storage.S3;

namespace SessionReplay.FaultTests.Stores;

/// <summary>How a process is told of an S3.</summary>
internal static class S3Settings
{
    public const string Bucket = "recordings";

    public static Dictionary<string, string?> Of(int port, string preset, string accessKey, string secretKey) => new()
    {
        ["SessionReplay:Storage:Provider"] = "S3",
        ["SessionReplay:Storage:S3:Preset"] = preset,
        ["SessionReplay:Storage:S3:ServiceUrl"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
        ["SessionReplay:Storage:S3:Bucket"] = Bucket,
        ["SessionReplay:Storage:S3:AccessKey"] = accessKey,
        ["SessionReplay:Storage:S3:SecretKey"] = secretKey,
    };

    public static void Set(S3StorageOptions options, S3Preset preset, int port, string accessKey, string secretKey)
    {
        options.Preset = preset;
        options.ServiceUrl = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        options.Bucket = Bucket;
        options.AccessKey = accessKey;
        options.SecretKey = secretKey;
    }
}
