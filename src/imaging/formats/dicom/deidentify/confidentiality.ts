import { allAttributes, attributeOf } from "../values/dictionary.ts";

/** What becomes of an attribute: the letters of PS3.15 Table E.1-1, K for kept. */
export type Action = "X" | "Z" | "D" | "U" | "K";

/**
 * The Basic Application Level Confidentiality Profile (PS3.15 2024b, Table E.1-1) for what occurs in images,
 * segmentations and structure sets, by keyword. Where the table leaves a choice (`X/Z/D`), the one that keeps all of
 * these objects valid.
 */
const listed: Readonly<Record<Exclude<Action, "K">, string>> = {
  X: `AcquisitionComments AcquisitionProtocolDescription AdditionalPatientHistory AdmittingDiagnosesCodeSequence
    AdmittingDiagnosesDescription Allergies ActualHumanPerformersSequence AuthorObserverSequence BranchOfService
    CameraOwnerName CassetteID CommentsOnRadiationDose CommentsOnThePerformedProcedureStep
    ConfidentialityConstraintOnPatientDataDescription ConsultingPhysicianIdentificationSequence
    ContentCreatorIdentificationCodeSequence ContrastBolusStartTime ContrastBolusStopTime ContributingEquipmentSequence
    ContributionDateTime ContributionDescription CountryOfResidence CurveDate CurveTime DateOfInstallation
    DateOfLastCalibration DateOfManufacture DateOfSecondaryCapture DateTimeOfLastCalibration DecompositionDescription
    DerivationDescription DeviceDescription DeviceSettingDescription EntityDescription EntityName EthnicGroup
    FrameComments GantryID GeneratorID IconImageSequence IdentifyingComments ImageComments ImagePresentationComments
    ImagingServiceRequestComments InstanceCoercionDateTime InstitutionAddress InstitutionCodeSequence
    InstitutionName InstitutionalDepartmentName InstitutionalDepartmentTypeCodeSequence InsurancePlanIdentification
    IntendedRecipientsOfResultsIdentificationSequence InterventionDrugStartTime InterventionDrugStopTime
    IssuerOfPatientID IssuerOfPatientIDQualifiersSequence IssuerOfAccessionNumberSequence LastMenstrualDate
    LongDeviceDescription MakerNote MedicalAlerts MedicalRecordLocator MilitaryRank ModifiedImageDate
    ModifiedImageDescription ModifiedImageTime ModifyingDeviceID MultienergyAcquisitionDescription
    NameOfPhysiciansReadingStudy NamesOfIntendedRecipientsOfResults NetworkID Occupation
    OperatorIdentificationSequence OtherPatientIDs OtherPatientIDsSequence OtherPatientNames OverlayDate OverlayTime
    PatientAddress PatientAge PatientBirthName PatientBirthTime PatientComments PatientInsurancePlanCodeSequence
    PatientMotherBirthName PatientPrimaryLanguageCodeSequence PatientPrimaryLanguageModifierCodeSequence
    PatientReligiousPreference PatientSetupPhotoDescription PatientSize PatientTelecomInformation
    PatientTelephoneNumbers PatientTransportArrangements PatientWeight PerformedLocation
    PerformedProcedureStepDescription PerformedProcedureStepEndDate PerformedProcedureStepEndDateTime
    PerformedProcedureStepEndTime PerformedProcedureStepID PerformedProcedureStepStartDate
    PerformedProcedureStepStartDateTime PerformedProcedureStepStartTime PerformedStationAETitle
    PerformedStationGeographicLocationCodeSequence PerformedStationName PerformedStationNameCodeSequence
    PerformingPhysicianIdentificationSequence PerformingPhysicianName PersonAddress PersonTelecomInformation
    PersonTelephoneNumbers PhysiciansOfRecord PhysiciansOfRecordIdentificationSequence
    PhysiciansReadingStudyIdentificationSequence PlateID PreMedication PregnancyStatus PresentationCreationDate
    PresentationCreationTime ProtocolName PyramidDescription PyramidLabel ROICreatorSequence ROIDateTime
    ROIDescription ROIGenerationDescription ROIInterpreterSequence ROIObservationDateTime ROIObservationDescription
    ROIObservationLabel RadiopharmaceuticalStartDateTime RadiopharmaceuticalStartTime
    RadiopharmaceuticalStopDateTime RadiopharmaceuticalStopTime ReasonForTheImagingServiceRequest
    ReasonForTheRequestedProcedure ReasonForRequestedProcedureCodeSequence ReferencedPatientPhotoSequence
    ReferencedPatientSequence ReferencedPerformedProcedureStepSequence ReferencedStudySequence
    ReferringPhysicianAddress ReferringPhysicianIdentificationSequence ReferringPhysicianTelephoneNumbers
    RegionOfResidence RequestAttributesSequence RequestedProcedureComments RequestedProcedureID
    RequestedProcedureLocation RequestedSeriesDescription RespiratoryMotionCompensationTechniqueDescription
    ResponsibleOrganization ResponsiblePerson RetrieveAETitle RetrieveURL SOPAuthorizationDateTime
    ScheduledPerformingPhysicianName ScheduledProcedureStepDescription ScheduledProcedureStepID
    ScheduledStationAETitle ScheduledStationName SeriesDescription SeriesDescriptionCodeSequence SmokingStatus
    StationAETitle StationName StructureSetDescription StructureSetName StudyDescription
    ProcedureCodeSequence TimeOfLastCalibration TimeOfSecondaryCapture TimezoneOffsetFromUTC
    TransducerIdentificationSequence UDISequence UniqueDeviceIdentifier XRayDetectorLabel
    PatientSexNeutered AcquisitionDeviceProcessingDescription DetectorID DateOfLastDetectorCalibration
    TimeOfLastDetectorCalibration InstanceCreationDate InstanceCreationTime SeriesDate SeriesTime`,
  Z: `AccessionNumber AcquisitionContextSequence AcquisitionDate AcquisitionTime CalibrationDateTime
    ConsultingPhysicianName ContrastBolusAgent OperatorsName ReviewDate ReviewTime ReviewerName
    FillerOrderNumberImagingServiceRequest PatientBirthDate PatientSex PlacerOrderNumberImagingServiceRequest
    ROIInterpreter ROIName ReferringPhysicianName StructureSetDate StructureSetTime StudyDate StudyID StudyTime`,
  D: `AcquisitionDateTime AcquisitionFieldOfViewLabel ContentCreatorName ContentDate ContentTime ContainerIdentifier
    ContextGroupLocalVersion ContextGroupVersion DateTime Date DeviceLabel DeviceSerialNumber EndAcquisitionDateTime
    EntityLabel EntityLongLabel FrameAcquisitionDateTime FrameReferenceDateTime ObservationDateTime
    PersonIdentificationCodeSequence PersonName StartAcquisitionDateTime StructureSetLabel Time TrackingID UserContentLabel
    UserContentLongLabel SpecimenIdentifier VerificationDateTime VerifyingObserverName VerifyingOrganization XRayDetectorID XRaySourceID`,
  // Any other UID that PS3.6 does not assign is replaced too.
  U: "SOPInstanceUID StudyInstanceUID SeriesInstanceUID FrameOfReferenceUID",
};

/**
 * Groups of which nothing is needed here, and that the table removes in part: directories, clinical trials, GPS, requests, visits,
 * signatures, presentation and printing, labels, results; curves and overlays have a range of groups each.
 */
const removedGroups = new Set([
  0x0004, 0x0012, 0x0016, 0x0032, 0x0034, 0x0038, 0x0044, 0x0072, 0x0074, 0x0088, 0x0100, 0x0400, 0x2030,
  0x2100, 0x2200, 0x4000, 0x4008, 0xfffa, 0xfffc,
]);

/** Actions by tag, eight hexadecimal digits; built at the first use. */
let actions: ReadonlyMap<string, Action> | undefined;

function built(): ReadonlyMap<string, Action> {
  if (actions) return actions;
  const tags = new Map([...allAttributes()].map(([tag, { keyword }]) => [keyword, tag]));
  actions = new Map(
    Object.entries(listed).flatMap(([action, keywords]) =>
      keywords.split(/\s+/).flatMap((keyword): [string, Action][] => {
        const tag = tags.get(keyword);
        return tag === undefined ? [] : [[tag, action as Action]];
      }),
    ),
  );
  return actions;
}

/**
 * What becomes of an attribute. Beyond the table, all goes that could carry an identity by its nature: private and
 * unknown attributes, values of unknown representation, further names, dates, times, application entities, links and
 * long texts.
 *
 * @param tag eight hexadecimal digits
 */
export function actionOf(tag: string, vr: string): Action {
  const group = Number.parseInt(tag.slice(0, 4), 16);
  const overlayOrCurve = (group & 0xff00) === 0x5000 || (group & 0xff00) === 0x6000;
  // The second half of each group is its length, retired.
  if (group % 2 === 1 || overlayOrCurve || removedGroups.has(group) || tag.endsWith("0000")) return "X";
  const known = attributeOf(tag)?.vr;
  // Items that were not found cannot be cleaned.
  if (known === undefined || vr === "UN" || (known === "SQ") !== (vr === "SQ")) return "X";
  const action = built().get(tag);
  if (action) return action;
  if ([vr, known].some((one) => /^(PN|DA|DT|TM|AE|UR|LT|ST|UT)$/.test(one))) return "X";
  return vr === "UI" || known === "UI" ? "U" : "K";
}
