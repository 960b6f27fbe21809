/** The public API of heldout. */
export type * from "./types";
export { fold, generator } from "./random";
export { environment, environments } from "./environments";
export { openEnvironment, type DataOptions } from "./environments/open";
export { environmentTable } from "./environments/overview";
export { rollout, attemptsAt } from "./rollout";
export { evaluate, type EvaluateOptions } from "./evaluate";

export { curriculum, mixture, sequence, single, type Schedule, type Source } from "./schedules";
export { loadCheckpoint, saveCheckpoint } from "./pocket/checkpoint";
export { PocketPolicy, type PocketOptions } from "./pocket/policy";
export { imitate, type ImitationOptions } from "./training/imitation";
export { train, type TrainEvent, type TrainRunOptions } from "./training/trainer";
export { ESTIMATORS, groupAdvantages, type Estimator } from "./training/advantage";
export { scalingInter, type TurnLimits } from "./training/turn-limits";
export type { TaskOrder } from "./training/tasks";
export type { StepRecord, Warning } from "./training/step-record";

export {
  avgAt,
  passAt,
  passHat,
  tokensPerEpisode,
  turnsPerEpisode,
  pairedDifference,
  signFlip,
  mcnemar,
  holm,
  tasksToSee,
  aggregate,
  cell,
  cellEstimate,
  continual,
  continualEstimates,
  transferMatrix,
  transferSummary,
  type Cell,
} from "./metrics";
export { table, type Column, type Table } from "./table";
export { frame } from "./frame";
export { join, paper, paperRows } from "./papers";

export { PROFILES, optionsFromEnvironment, type StudyOptions } from "./experiments/profiles";
export { runWithin, withinSettings, type WithinOptions, type WithinStudy } from "./experiments/within";
export type { PolicyRecord, StudyRecords, TaskResult } from "./experiments/records";
export { loadRecords, planStudy, runStudy, type FullStudyOptions } from "./experiments/study";
export { expectation, planTable, successTable } from "./experiments/study-text";
export { difficultyTable, studySettingsTable } from "./experiments/study-tables";
export { parsePolicyName, policyName } from "./experiments/stages";
export { flatRows, seedWords } from "./experiments/record-results";
export {
  changeFigure,
  curriculumFigure,
  curriculumRows,
  curriculumTable,
  difficultyFigure,
  generalizationRows,
  generalizationTable,
  liftFigure,
  regimePolicy,
  regimesOf,
  withinEnvironments,
  withinRows,
  withinTable,
} from "./experiments/within-results";
export { effortChangeFigure, effortFigure, effortRows, effortTable } from "./experiments/effort-results";
export { learningFigure } from "./experiments/learning-results";
export {
  heldFigure,
  heldRows,
  heldTable,
  trainedAlone,
  transferFigure,
  transferRows,
  transferStudy,
  transferTable,
} from "./experiments/cross-results";
export { environmentFeatures, type EnvironmentFeatures } from "./experiments/environment-features";
export { featuresFor, featureTable, pairRows, shiftFigure, shiftRows, shiftTable } from "./experiments/shift-results";
export {
  continualRows,
  continualTable,
  forgettingFigure,
  sequenceFigure,
  sequencesOf,
  stageFigure,
  stageRows,
} from "./experiments/sequential-results";
export {
  balanceRows,
  balanceTable,
  mixtureFigure,
  mixtureRows,
  mixtureTable,
  orderFigure,
  orderRows,
  orderTable,
  replayRows,
  replayTable,
} from "./experiments/order-results";
export {
  knownRows,
  knownTable,
  paperFigure,
  relatedRows,
  relatedTable,
  resultRows,
  withinPaperTable,
} from "./experiments/paper-results";
export { claimRows, claimsSentence, claimsTable, judgeClaim } from "./experiments/claims-results";
export { allResults, type NamedResult } from "./experiments/all-results";
export { watchPlan, watchRuns } from "./experiments/watch";
export {
  agentsCosts,
  agentsEpisodes,
  agentsFromEnvironment,
  agentsScores,
  agentsTable,
  runAgents,
  type Agents,
  type AgentsStudy,
} from "./experiments/llm-agents";

export {
  agreement,
  agreementTable,
  diagnose,
  failureFigure,
  failureRates,
  failureTable,
  judge,
  judgeAll,
  kappa,
  labelledTrajectories,
  MODES,
  RULES,
  verdictOf,
  type Ask,
  type Diagnosis,
  type FailureGroups,
  type Judgement,
  type Mode,
} from "./failures";
export { importTrajectories, type ImportOptions } from "./import";

export { band, errorBars, hover, palette, type Figure, type Trace } from "./figures/figure";
export { browse, compare } from "./notebook/episodes";
export { transcript } from "./notebook/transcript";
export { expert, openPolicy, random } from "./policies";
export { ChatPolicy } from "./policies/chat/policy";
export type { ChatOptions } from "./policies/chat/settings";
export { serveOpenAI, type Responder } from "./serve/openai";
export { pocketResponder } from "./serve/pocket";
export { show, type Page, type Showable } from "./notebook/show";
export { progress, progressGroup, type ProgressBar, type ProgressGroup } from "./notebook/progress";
