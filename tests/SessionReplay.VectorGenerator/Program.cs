using SessionReplay.VectorGenerator;

// dotnet run --project tests/SessionReplay.VectorGenerator [folder]
var folder = Path.GetFullPath(args.Length > 0 ? args[0] : Path.Combine("docs", "format", "vectors"));
Directory.CreateDirectory(folder);
foreach (var stale in Directory.EnumerateFiles(folder, "*.vector"))
{
    File.Delete(stale);
}

foreach (var vector in Vectors.All())
{
    File.WriteAllText(Path.Combine(folder, vector.FileName), vector.ToText());
}

Console.WriteLine($"{Vectors.All().Count} vectors written to {folder}");
